// npm run build: dist/ and schema/, both committed.
import { join } from 'node:path';

import { bundle, root } from './bundle.mjs';
import { writeSchemas } from './schemas.mjs';

await bundle(join(root, 'dist'));
await writeSchemas(join(root, 'schema'));
