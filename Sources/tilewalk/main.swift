import Foundation
import Kernels
import Machine
let a100 = Device(
    name: "test", title: "Test", note: "", clockMHz: 1410, smCount: 108, sharedBytes: 164*1024,
    sharedBytesPerBlock: 163*1024, registerBytes: 256*1024, maxBlocksPerSM: 32,
    tensorFlops: [.fp16: 2048, .bf16: 2048],
    rates: [
      .tensor: Rate(perCycle: 512, latency: 4), .fp32: Rate(perCycle: 64, latency: 4),
      .sfu: Rate(perCycle: 16, latency: 4), .shared: Rate(perCycle: 128, latency: 23),
      .copy: Rate(perCycle: 64, latency: 0), .hbm: Rate(perCycle: 1000, latency: 566), .l2: Rate(perCycle: 3000, latency: 200)
    ],
    hbmBytes: 1 << 30, l2Bytes: 40<<20, launchCycles: 2115, defaultTile: 64)
func t<T>(_ l: String, _ f: () throws -> T) rethrows -> T { let s = Date(); let r = try f(); print(l, Date().timeIntervalSince(s)*1000, "ms"); return r }
let n = Int(CommandLine.arguments.dropFirst().first ?? "1024")!
let p = AttentionProblem(queries: n, d: 64)
let inputs = t("seed") { Problem.attention(p).seededInputs(1) }
for k in [FlashAttention2(), FlashAttention(), StandardAttention()] as [any Kernel] {
let plan = try t("plan") { try Plan(k, .attention(p), Mapping(tile: 64), a100) }
let tot = try t("totals") { try plan.totals() }
print(k.name, tot.cycles, tot.ops, tot.hbm)
let r = try t("record") { try plan.record(inputs: inputs) }
print(r.events.count)
let o = r.finalState.matrix(plan.program.tensorIndex("O")!)!
t("ref") { let ref = Reference(p, inputs: inputs); var w = 0.0; for i in 0..<n { let e = ref.row(plane: 0, row: i).output; for c in 0..<64 { w = max(w, abs(Double(o[0,i,c])-e[c])) } }; print(w) }
}
let big = AttentionProblem(queries: 8192, d: 64, heads: 4, type: .fp16)
let bt = try t("big totals") { try Plan(FlashAttention2(), .attention(big), Mapping(tile: 64), a100).totals() }
print(bt.ops, bt.cycles)
