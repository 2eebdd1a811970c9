import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));
import{d as c,i as p,l as f}from"./chunk-SWQZOSHL.js";import"./chunk-K3ODIEOM.js";import"./chunk-DTJOCG52.js";import{parentPort as m}from"node:worker_threads";function d(e){let{recipe:n,source:o,only:y,range:u,classes:a,begun:g,hits:h,flipped:t}=e,b=f(n),w=c(o.clean,o.modalities,o.plan),s=p(e.labels,e.clean,a),l=()=>Atomics.add(g,0,1);for(let r=l();r<t.length;r=l()){let i=s.count(b.predict(w.draw(u.from+r,y)));h.set(i.hits,r*a),t[r]=i.flipped}return s.right.slice()}m.on("message",e=>{let n=d(e);m.postMessage(n,[n.buffer])});
