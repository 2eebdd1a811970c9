/** Put in by the bundler, from package.json. */
declare const FUSION_GATE_VERSION: string | undefined;

/** Version of this program, as reports name it. */
export const VERSION = typeof FUSION_GATE_VERSION === 'string' ? FUSION_GATE_VERSION : 'development';
