// zod would try out `new Function` as soon as the first schema is made, which the Content-Security-Policy forbids and
// the browser reports. So this is said before any module that makes one is loaded: such imports would come first.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
void import('./window.tsx');
