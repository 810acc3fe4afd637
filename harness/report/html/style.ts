/** The style sheet of the HTML report: system fonts, one accent per meaning, light, dark, narrow, print. */
export type Palette = Readonly<Record<string, string>>

/** Text on paper, card and its own tint reaches WCAG AA (4.5:1) in both schemes: a test computes it. */
export const light: Palette = {
  paper: '#faf9f6', card: '#ffffff', ink: '#1d1c1a', soft: '#5b5751', line: '#e2ded6', code: '#f3f1ec', on: '#ffffff',
  bad: '#a5231b', 'bad-tint': '#fbeceb', stop: '#4d4b73', 'stop-tint': '#efeff7', open: '#7a4f00', 'open-tint': '#fcf3df',
  cond: '#0a5c72', 'cond-tint': '#e5f3f6', good: '#1b6a40', 'good-tint': '#e8f5ed', calm: '#5b5751', 'calm-tint': '#f1efea', link: '#1f4e8c',
}
export const dark: Palette = {
  paper: '#151413', card: '#1d1c1a', ink: '#edeae4', soft: '#aaa59c', line: '#36332f', code: '#262421', on: '#151413',
  bad: '#ff9a90', 'bad-tint': '#3a1d1a', stop: '#bcbbe6', 'stop-tint': '#28273c', open: '#f0bf62', 'open-tint': '#352a12',
  cond: '#7ad0e4', 'cond-tint': '#12313a', good: '#83d5a3', 'good-tint': '#16321f', calm: '#b5b0a7', 'calm-tint': '#2a2825', link: '#9cc2f5',
}
export const tones = ['bad', 'stop', 'open', 'cond', 'good', 'calm'] as const

const variables = (palette: Palette): string => Object.entries(palette).map(([name, value]) => `--${name}:${value}`).join(';')

export const style = `
:root{${variables(light)};color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{${variables(dark)}}}
${tones.map(tone => `.${tone}{--tone:var(--${tone});--tint:var(--${tone}-tint)}`).join('\n')}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1.5rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
.page{max-width:61rem;margin:0 auto;padding:2rem 1.5rem 6rem}
h1,h2,h3,h4,p,ul,ol,dl,figure,table{margin:0}
h1,h2,h3,h4{line-height:1.25;text-wrap:balance;font-weight:650}
h2{font-size:1.6rem;letter-spacing:-.015em;margin:4.5rem 0 .4rem}
h3{font-size:1.15rem}
h4{font-size:1rem}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:1px}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:3px;border-radius:4px}
code,pre,.id{font:.875em/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
pre{margin:.4rem 0 0;padding:.8rem 1rem;background:var(--code);border-radius:6px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2}
.id,code{overflow-wrap:anywhere}
pre code{font-size:inherit}
.soft{color:var(--soft)}
.lead{color:var(--soft);max-width:44rem}
.small{font-size:.875rem}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
.top{display:flex;justify-content:space-between;gap:1rem;flex-wrap:wrap;color:var(--soft);font-size:.875rem;margin-bottom:1.25rem}
.top b{color:var(--ink);font-weight:650}
.verdict{background:var(--tint);border-left:6px solid var(--tone);border-radius:4px 10px 10px 4px;padding:1.6rem 1.8rem 1.7rem}
.verdict h1{font-size:clamp(2rem,6vw,3.1rem);letter-spacing:-.03em;line-height:1.05;color:var(--tone);font-weight:750}
.verdict h1 .sign{font-weight:400;margin-right:.25em}
.verdict .because{font-size:1.2rem;line-height:1.45;margin-top:.8rem;text-wrap:pretty}
.verdict .tally{margin-top:.9rem;color:var(--ink)}
.tally b{font-variant-numeric:tabular-nums;font-weight:650}
.scope{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.8rem 2rem;padding:1.4rem 0 1.6rem;border-bottom:1px solid var(--line)}
.scope dt{font-size:.75rem;letter-spacing:.04em;color:var(--soft)}
.scope dd{margin:0;font-size:.925rem;overflow-wrap:anywhere;line-height:1.45}
.first h2,.aside h2{font-size:1.15rem;margin:0 0 .8rem;letter-spacing:0}
.strip{margin:1.6rem 0 2rem}
.columns{display:grid;grid-template-columns:minmax(0,1.75fr) minmax(0,1fr);gap:2.5rem}
.aside>section+section{margin-top:1.6rem}
.todo{list-style:none;padding:0;counter-reset:todo}
.todo>li{counter-increment:todo;position:relative;padding:0 0 1.1rem 2.2rem}
.todo>li::before{content:counter(todo);position:absolute;left:0;top:.1rem;width:1.45rem;height:1.45rem;border-radius:50%;font:650 .8rem/1.45rem system-ui,sans-serif;text-align:center;color:var(--tone);background:var(--tint)}
.todo p{line-height:1.45}
.command{display:block;font-size:.8rem;margin-top:.3rem;padding:.3rem .6rem;background:var(--code);border-radius:5px;overflow-wrap:anywhere}
.plain{list-style:none;padding:0}
.plain li+li{margin-top:.55rem}
.plain li{line-height:1.45}
nav.contents{border-top:1px solid var(--line);border-bottom:1px solid var(--line);margin-top:2.5rem;padding:.8rem 0}
nav.contents ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;font-size:.925rem}
.badge{display:inline-block;white-space:nowrap;font-size:.8rem;line-height:1.5;font-weight:550;padding:0 .55em;border-radius:1em;background:var(--tint);color:var(--tone)}
.badge .sign{font-weight:700;margin-right:.3em}
.word{color:var(--tone);font-weight:600}
.n .word,.claims .word{white-space:nowrap}
figure{margin-top:1.6rem}
figcaption{color:var(--soft);font-size:.875rem;margin-top:.5rem;max-width:44rem}
svg{display:block;width:100%;height:auto;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow:visible}
svg text{fill:var(--ink);font-size:13px}
svg .s{fill:var(--soft);font-size:12px}
svg .b{font-weight:650}
svg .t{fill:var(--tone);font-weight:650}
svg .on{fill:var(--on);font-weight:650;font-size:12px}
svg .box{fill:var(--tint);stroke:var(--tone);stroke-width:1.5}
svg .none{fill:none;stroke:var(--soft);stroke-width:1.2;stroke-dasharray:4 4}
svg .solid{fill:var(--tone)}
svg .hatch{stroke:var(--tone);stroke-width:2.2}
svg .frame{stroke:var(--tone);stroke-width:1}
svg .back{fill:var(--paper)}
svg .edge{fill:none;stroke:var(--soft);stroke-width:1.4}
svg .head{fill:var(--soft)}
svg .grid{stroke:var(--line);stroke-width:1}
.narrow{display:none}
.problem{margin-top:2.2rem;padding-top:1.4rem;border-top:1px solid var(--line)}
.problem>.requirement:first-child{margin-top:0}
.problem ul.plain{margin-top:.5rem}
.next{margin-top:.35rem;font-size:.875rem}
.problem>h3+p{margin-top:.4rem}
.requirement{margin:1.3rem 0 .2rem;font-weight:550;font-size:.925rem;color:var(--soft)}
.check{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:4px 10px 10px 4px;margin-top:1rem}
.check:target{outline:3px solid var(--link);outline-offset:2px}
.check:target>details::details-content{content-visibility:visible;height:auto}
.check>details>summary{padding:.85rem 1.2rem;cursor:pointer;list-style-position:outside;display:block}
.check>details>summary{position:relative;padding-right:2.8rem}
.check>details>summary::after{content:"+" / "";position:absolute;right:1.1rem;top:.75rem;color:var(--soft);font-size:1.2rem;line-height:1.4}
.check>details[open]>summary::after{content:"–" / ""}
.check+.check{margin-top:.6rem}
.check>details>summary::-webkit-details-marker{display:none}
.check>details>summary .row{display:flex;gap:.35rem .6rem;flex-wrap:wrap;align-items:baseline;margin-top:.3rem}
.check .body{padding:.1rem 1.2rem 1.3rem}
.check .body>*+*{margin-top:1.15rem}
.check .body>div>*+*{margin-top:.7rem}
.check h3,.check h4{font-size:1.06rem;text-wrap:pretty}
.label{font-size:.8rem;color:var(--soft);font-weight:600}
.check .body .label+*{margin-top:.25rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.45}
caption{text-align:left;color:var(--soft);font-size:.8rem;font-weight:600;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.78rem;color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:500}
td.n,th.n{white-space:nowrap;overflow-wrap:normal}
.claims{table-layout:fixed}
.claims th:first-child{width:34%}
.claims th:nth-child(4){width:6.2rem}
.matrix td{min-width:6.5rem}
.matrix tr.control>*{background:var(--calm-tint)}
.matrix tr.control th{font-weight:650}
.matrix th,.matrix td{padding-left:.6rem}
details.fold{border-top:1px solid var(--line)}
details.fold:last-of-type{border-bottom:1px solid var(--line)}
details.fold>summary{padding:.6rem 0;cursor:pointer}
details.fold>summary .id{overflow-wrap:anywhere}
details.fold>.inside{padding:.2rem 0 1.4rem}
.inside>*+*{margin-top:.9rem}
.lead{margin-bottom:.9rem}
h2+.fold,h2+table{margin-top:.9rem}
details.more>summary{cursor:pointer;color:var(--link);font-size:.9rem;margin-top:.5rem}
details.more[open]>summary{margin-bottom:.5rem}
:target>.fold::details-content,.fold:target::details-content{content-visibility:visible;height:auto}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1.2rem;font-size:.9rem}
.facts dt{color:var(--soft)}
.facts dd{margin:0}
footer{margin-top:5rem;padding-top:1.2rem;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
@media screen and (max-width:46rem){
th.n{white-space:normal}
.page{padding:1.2rem 1rem 4rem}
.columns{grid-template-columns:minmax(0,1fr);gap:1.8rem}
.verdict{padding:1.2rem 1.2rem 1.3rem}
.verdict .because{font-size:1.08rem}
.scope{grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:.8rem 1rem}
h2{margin-top:3.2rem}
.wide{display:none}
.narrow{display:block}
.check>details>summary,.check .body{padding-left:.9rem;padding-right:.9rem}
.stack thead{position:absolute;left:-999rem}
.stack tbody tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
.stack tbody td,.stack tbody th{display:block;width:auto!important;border:0;padding:.1rem 0}
.stack td::before{color:var(--soft)}
.claims td:nth-child(2)::before{content:"Wanted: "}
.claims td:nth-child(3)::before{content:"Got: "}
.claims td:nth-child(4)::before{content:"Holds: "}
.matrix td:nth-child(2)::before{content:"Did: "}
.matrix td:nth-child(3)::before{content:"Allowed? "}
.matrix td:nth-child(4)::before{content:"Answer: "}
.facts{grid-template-columns:minmax(0,1fr);gap:0}
.facts dd+dt{margin-top:.5rem}
}
@media print{
@page{size:A4;margin:16mm 15mm}
:root{${variables({ ...light, paper: '#ffffff' })}}
html{font-size:12px}
body{font-size:12px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.page{max-width:none;padding:0}
nav,.skip{display:none}
h2{margin-top:2.4rem}
.verdict{padding:1.1rem 1.4rem}
.scope{padding:1rem 0}
.strip{margin:1.2rem 0 1.4rem}
.todo>li{padding-bottom:.7rem}
.check>details>summary::after{content:none}
h2,h3,h4,caption,summary,thead,.label,.requirement{break-after:avoid}
tr,figure,.todo>li,.verdict,li,.check{break-inside:avoid}
.own-page{break-before:page}
details.fail::details-content,.aside .more::details-content{content-visibility:visible;height:auto}
a{color:inherit;text-decoration:none}
pre{font-size:8pt}
}
`.trim()
