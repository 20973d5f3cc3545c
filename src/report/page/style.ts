/**
 * The page's style: system fonts, tabular figures, one measure, and colours as variables that dark mode swaps, drawings
 * included. Line colours follow Okabe and Ito (2008), told apart with any colour vision; the heat map is one hue.
 */
export const STYLE = `
:root{color-scheme:light dark;
--paper:#fff;--raised:#f6f7f9;--ink:#14181d;--muted:#59636e;--grid:#e6e9ed;--axis:#b4bcc5;--rule:#dfe3e8;--accent:#0b62a8;
--c0:#4b5560;--c1:#0072b2;--c2:#c04d08;--c3:#00825f;--c4:#5a2ca0;--c5:#5a3d00;--other:#b6bdc6;
--better:#00714f;--better-bg:#e3f4ec;--worse:#b3261e;--worse-bg:#fbe9e7;--warn:#7a4b00;--warn-bg:#fff5dc;--warn-rule:#e2a829;
--slo:#a3117b;--fault:#b3261e17;--fault-ink:#96443e;--hatch:#14181d66;
--state-closed:#d9e9e0;--state-open:#c8321f;--state-half-open:#d98a00;--state-unhealthy:#7a3fa0;--state-down:#3a4149;--state-draining:#5b7fa6;--state-starting:#2d9c8a;--state-ink:#14181d;
--heat-0:#eef5fb;--heat-1:#d3e5f3;--heat-2:#aacfe8;--heat-3:#79b1d8;--heat-4:#478dc1;--heat-5:#22689f;--heat-6:#0d4373;
--heat-ink-0:#14181d;--heat-ink-1:#14181d;--heat-ink-2:#14181d;--heat-ink-3:#14181d;--heat-ink-4:#14181d;--heat-ink-5:#fff;--heat-ink-6:#fff}
@media (prefers-color-scheme:dark){:root{
--paper:#101418;--raised:#181d23;--ink:#e8ecf0;--muted:#9aa5b1;--grid:#262d35;--axis:#56616d;--rule:#2a323b;--accent:#6cb6f2;
--c0:#b3bdc8;--c1:#56b4e9;--c2:#f08c3e;--c3:#2fc498;--c4:#a77bf0;--c5:#f2dd6e;--other:#4d5762;
--better:#4fd1a1;--better-bg:#10312a;--worse:#ff8d80;--worse-bg:#3b1b1a;--warn:#f3cf7a;--warn-bg:#2f2612;--warn-rule:#a87c1f;
--slo:#f48ad6;--fault:#ff8d8020;--fault-ink:#e79a92;--hatch:#ffffff73;
--state-closed:#22382f;--state-open:#f2604c;--state-half-open:#f0b23c;--state-unhealthy:#b98be0;--state-down:#4a535d;--state-draining:#7fa3cc;--state-starting:#4fc4b0;--state-ink:#f4f6f8;
--heat-0:#16222e;--heat-1:#173450;--heat-2:#1b4a73;--heat-3:#2a6699;--heat-4:#4b87b9;--heat-5:#83b0d6;--heat-6:#c3dcf0;
--heat-ink-0:#e8ecf0;--heat-ink-1:#e8ecf0;--heat-ink-2:#fff;--heat-ink-3:#fff;--heat-ink-4:#101418;--heat-ink-5:#101418;--heat-ink-6:#101418}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{max-width:74rem;margin:0 auto;padding:1.75rem 2rem 4rem}
h1{font-size:clamp(1.5rem,1.05rem + 1.8vw,2.15rem);line-height:1.18;letter-spacing:-.018em;font-weight:650;margin:.3rem 0 1rem;max-width:34em;text-wrap:balance}
h2{font-size:1.3rem;letter-spacing:-.01em;font-weight:650;margin:0 0 .35rem}
h3{font-size:.95rem;font-weight:650;margin:0 0 .35rem}
h3 small{color:var(--muted);font-weight:400;margin-left:.3rem}
h3::first-letter{text-transform:uppercase}
section{margin-top:3rem}
.eyebrow{margin:0;font-size:.85rem;font-weight:600;color:var(--accent)}
.eyebrow span{color:var(--muted);font-weight:400;margin-left:.5rem}
.answer{font-size:clamp(1.1rem,1rem + .45vw,1.3rem);line-height:1.45;margin:0 0 .9rem;padding:.9rem 1.2rem;border-left:5px solid var(--accent);background:var(--raised);border-radius:0 8px 8px 0;max-width:56em;text-wrap:pretty}
.meta{margin:0;color:var(--muted);font-size:.9rem}
.meta span:not(:last-child)::after{content:"·";margin:0 .5em}
.lead,.note,.hint,figcaption{color:var(--muted);font-size:.9rem;max-width:58em;margin:0 0 1rem}
ul.lead{padding-left:1.1rem}
.lead strong{color:var(--ink)}
.banner{background:var(--worse-bg);color:var(--worse);border:1px solid;border-radius:8px;padding:.7rem 1rem;margin:0 0 1rem}
.warnings{margin-top:1.1rem;background:var(--warn-bg);color:var(--warn);border-left:5px solid var(--warn-rule);border-radius:0 8px 8px 0;padding:.7rem 1.2rem}
.warnings h2{font-size:.95rem}
.warnings ul{margin:.15rem 0;padding-left:1.1rem}
.slo{margin-top:1.5rem}
.slo h2{font-size:1rem}
.slo h2 small{font-weight:400;color:var(--muted);margin-left:.4rem}
.slo ul{list-style:none;margin:.3rem 0 0;padding:0;border-top:1px solid var(--rule)}
.slo li{display:grid;grid-template-columns:minmax(9rem,16rem) 1fr;gap:.1rem 1rem;padding:.4rem 0;border-bottom:1px solid var(--rule);align-items:baseline}
.ticks{display:grid;grid-template-columns:repeat(auto-fit,minmax(16.6rem,1fr));gap:.1rem 1rem}
.tick{display:grid;grid-template-columns:5.2rem 1fr;font-size:.88rem}
.tick b,.tick strong,.tick i{white-space:nowrap}
.tick i{font-style:normal;color:var(--muted)}
.met b,.better{color:var(--better)}
.missed b,.worse{color:var(--worse)}
.slo .who{display:flex;flex-wrap:nowrap;align-items:baseline}
td .who{overflow-wrap:break-word;max-width:18rem}
td .who b{min-width:0}
.who em{font-style:normal;white-space:nowrap;font-size:.8rem;color:var(--muted);margin-left:.35rem}
.swatch{width:26px;height:12px;vertical-align:-1px;margin-right:.5rem;flex:none;fill:none}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin-top:1.6rem;font-size:.9rem}
a{color:var(--accent);text-underline-offset:.2em}
.scroll{overflow-x:auto;max-width:100%;position:relative;
background:linear-gradient(90deg,var(--paper) 40%,transparent) left/2.4rem 100%,linear-gradient(270deg,var(--paper) 40%,transparent) right/2.4rem 100%,linear-gradient(var(--paper) 40%,transparent) top/100% 2.4rem,linear-gradient(0deg,var(--paper) 40%,transparent) bottom/100% 2.4rem,
linear-gradient(90deg,var(--axis),transparent) left/.9rem 100%,linear-gradient(270deg,var(--axis),transparent) right/.9rem 100%,linear-gradient(var(--axis),transparent) top/100% .9rem,linear-gradient(0deg,var(--axis),transparent) bottom/100% .9rem;
background-repeat:no-repeat;background-attachment:local,local,local,local,scroll,scroll,scroll,scroll}
.scroll+.note,.hint{margin-top:.6rem}
.scroll.tall{max-height:24rem;overflow-y:auto}
.scroll.long{max-height:44rem;overflow-y:auto}
.tall thead th,.long thead th,.data thead th{position:sticky;top:0;background:var(--paper);z-index:1}
.scroll:focus-visible,button:focus-visible,summary:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.87rem;overflow-wrap:normal}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem .5rem 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:.2rem}
th{font-weight:600;color:var(--muted);font-size:.82rem;vertical-align:bottom;white-space:nowrap}
thead th{border-bottom:1.5px solid var(--axis)}
td{max-width:22rem}
.num{text-align:right}
td.num{white-space:nowrap}
.small{font-size:.82rem}
.small th,.small td{padding-top:.22rem;padding-bottom:.22rem}
td .ci,td .change,td .worse{display:block;font-size:.76rem;font-weight:400;line-height:1.35}
.ci{color:var(--muted)}
.change{color:var(--muted)}
.change.better{color:var(--better);font-weight:600}
.change.worse{color:var(--worse);font-weight:600}
td b{font-weight:600}
td .who{display:flex;align-items:baseline;min-width:8.5rem}
td .who+.ci,td .who~.worse{margin-left:calc(26px + .5rem)}
.judged{display:block;color:var(--accent);font-weight:600}
th button{all:unset;cursor:pointer;font:inherit;color:inherit}
th button:hover,th[aria-sort]{color:var(--ink)}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2.2rem 2.4rem;align-items:start}
.grid+.grid{margin-top:2rem}
.grid>:only-child{max-width:36rem}
.grid table{font-size:.82rem}
.grid td,.grid th{padding-top:.3rem;padding-bottom:.3rem;padding-right:.5rem}
.grid td .who{min-width:0}
figure{margin:0;position:relative}
figure>svg{display:block;width:100%;height:auto;font-family:inherit;overflow:visible}
figure.chart{min-width:0}
figcaption{margin:.4rem 0 .3rem;font-size:.84rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:0 0 .35rem;padding:0;font-size:.82rem;color:var(--ink)}
.faults{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem .6rem;margin:0 0 1.2rem;padding:0;font-size:.85rem}
.faults li:not(.key){background:var(--fault);color:var(--fault-ink);border-radius:4px;padding:.05rem .5rem}
.faults li span{opacity:.85;margin-left:.3rem}
summary{cursor:pointer;color:var(--accent);font-size:.84rem}
.data[open]{border-bottom:1px solid var(--rule);padding-bottom:.6rem}
.data .scroll{max-height:18rem;overflow-y:auto;margin-top:.4rem}
.part{border-top:1px solid var(--rule);padding:.5rem 0}
.part>summary{font-size:1rem;font-weight:600;color:var(--ink)}
.part h3{margin-top:1.4rem}
[role=tablist]{display:flex;flex-wrap:wrap;gap:.1rem;border-bottom:1px solid var(--axis);margin-bottom:.6rem}
[role=tab]{all:unset;cursor:pointer;padding:.45rem .9rem;font-size:.92rem;color:var(--muted);border-bottom:3px solid transparent;margin-bottom:-1px}
[role=tab][aria-selected=true]{color:var(--ink);font-weight:600;border-color:var(--accent)}
.tabbed .part{border:0}
.tabbed .part>summary,.tabbed .part:not([open]){display:none}
dl{margin:0}
.policies{display:flex;flex-wrap:wrap;gap:.35rem 1.8rem;font-size:.9rem}
.policies dt{color:var(--muted);font-size:.78rem}
dd{margin:0}
.definitions{columns:2 24rem;column-gap:2.4rem;font-size:.86rem}
.definitions div{break-inside:avoid;margin-bottom:.55rem}
.definitions dt{font-weight:600}
.definitions code{color:var(--muted);font-weight:400;font-size:.8rem;margin-left:.3rem}
.definitions dd{color:var(--muted)}
.prose{max-width:46em;font-size:.94rem}
#method h3{margin-top:1.6rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:var(--raised);border-radius:8px;padding:.9rem 1.1rem;font-size:.82rem;line-height:1.5;overflow-x:auto;max-width:100%;overflow-wrap:normal;margin:.3rem 0 .8rem}
button[data-download]{font:inherit;font-size:.9rem;padding:.4rem .9rem;border:1px solid var(--axis);border-radius:6px;background:var(--raised);color:var(--ink);cursor:pointer}
.tip{position:fixed;z-index:9;pointer-events:none;max-width:24rem;background:var(--ink);color:var(--paper);font-size:.8rem;line-height:1.4;padding:.35rem .6rem;border-radius:5px;white-space:pre-line;left:0;top:0}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:60rem){.grid{grid-template-columns:minmax(0,1fr)}main{padding:1.2rem 1.1rem 3rem}section{margin-top:2.4rem}}
@media (max-width:40rem){.slo li,.ticks{grid-template-columns:1fr}.answer{padding:.7rem .9rem}th,td{padding-right:.6rem}}
@media print{:root{color-scheme:light}body{font-size:10.5pt}main{max-width:none;padding:0}nav,.buttons,.hint,details.data,[role=tablist]{display:none!important}section{margin-top:1.6rem}figure,tr,.slo{break-inside:avoid}h2,h3{break-after:avoid}.scroll,.scroll.tall,.scroll.long{overflow:visible;max-height:none;background:none}table{font-size:7.5pt}th,td{padding:.25rem .45rem .25rem 0}th{font-size:7pt;white-space:normal}td .ci,td .change,td .worse{font-size:6.5pt}td .change,td .worse{white-space:normal}td .who{min-width:0;max-width:9rem}td .who .swatch{width:16px}td .who+.ci,td .who~.worse{margin-left:0}.tabbed .part>summary{display:block}a{color:inherit}pre{white-space:pre-wrap}}
`;
