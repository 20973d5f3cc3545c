/** FNV-1a of 32 bits (Fowler, Noll and Vo 1991), over UTF-16 units: quick, and good enough to spread keys. */
export const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return hash >>> 0;
};
