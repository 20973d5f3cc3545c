import { run } from '../../src/run.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';
const ms=(value:number)=>({kind:'constant' as const,value});
const mk=(n:number,rate:number,balancer:string,requests:number,slots=8,timeout:any=1000)=>{ const duration=requests/rate*1000;
const setup:any={traffic:{arrivals:{kind:'poisson',rate},era:'modern',timeout,retries:{attempts:1,backoff:ms(0)},sessions:null,calls:[{name:'call',share:1,work:{kind:'exponential',mean:10},safe:true}]},
 servers:{count:n,groups:[{name:'servers',count:n,speed:1,weight:1,slots,queue:null,patience:null}],startup:0,discipline:'fifo'},
 network:ms(1),faults:[],balancer:{name:balancer,options:balancer==='p2c'?{choices:2,replacement:false}:{}},affinity:'none',health:{name:'active',options:{interval:10000,timeout:5000,unhealthy:3,healthy:2}},breaker:{name:'counter',options:{failures:5,recovery:30000,halfOpenCalls:3,window:60000,counts:['transport','5xx','overloaded']}},autoscaler:{name:'none',options:{}},drain:30000,slo:[]};
return {name:'b',question:'?',duration,warmup:duration*.1,seeds:[1],judge:[],margin:.05,matrix:null,contenders:[{name:'x',changes:{},cell:null,setup}]} as any;};
const go=(label:string,sc:any)=>{const t=performance.now(); let ev=0; const r=run({scenario:sc,inputs:{},contender:0,seed:1,independent:false},(o)=>{const w=new SimWorld(o); setTimeout(()=>0); (globalThis as any).w=w; return w;}); const s=(performance.now()-t)/1000; const req=r.metrics.arrived!/.9; console.log(label.padEnd(40),Math.round(req/s/1000)+'k/s', (s).toFixed(2)+'s','events/req',((globalThis as any).w.events/req).toFixed(2), r.metrics.latencyMsP99, r.metrics.utilisation);};
const which=process.argv[2]??'all';
const base=100*8*.8/0.010; // 80% at 100 servers
const N=1_000_000;
go('warm',mk(100,base,'round-robin',200000));
if(which==='all'||which==='100') for (const b of ['round-robin','random','least-connections','weighted','p2c']) go(`100 80% ${b}`,mk(100,base,b,N));
if(which==='all'||which==='10k') for (const b of ['round-robin']) go(`10000 same load ${b}`,mk(10000,base,b,N));
if(which==='all'||which==='over') for (const b of ['round-robin','least-connections']) go(`10000 overload 1.1 ${b}`,mk(10000,base*100/.8*1.1,b,2*N,8,null));
