// How fast the simulator is: ops scheduled, a run recorded with its values, any moment looked up,
// a frame drawn. Run with `swift package benchmark` in this folder.

import Benchmark
import Kernels
import Lessons
import Machine
import Player

/// FlashAttention-2 on an A100 with heads of width 64 and tiles of 64.
private func plan(n: Int, heads: Int, type: DataType) throws -> Plan {
  let problem = AttentionProblem(queries: n, d: 64, heads: heads, type: type)
  return try Plan(
    FlashAttention2(), .attention(problem), Mapping(tile: 64),
    DeviceLibrary.find("a100-40gb").device)
}

/// A run with values, for the benchmarks that look at one.
private func completedRun() throws -> CompletedRun {
  let plan = try plan(n: 1024, heads: 1, type: .fp32)
  return try CompletedRun(plan, inputs: plan.problem.seededInputs(1))
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput, .peakMemoryResident], maxDuration: .seconds(5))
  schedule(FlashAttention2(), "a100-80gb", d: 64, .forward)
  schedule(FlashAttention2(), "h100-sxm", d: 128, .both)
  schedule(FlashAttention3(), "h100-sxm", d: 128, .both)
  record()
  state()
  frame(width: 80, height: 24)
  frame(width: 200, height: 60)
}

/// Every op of every block, as `--exact` does it. Without a mask all SMs but those of the last wave live
/// the same life, and are simulated once.
private func schedule(_ kernel: some AttentionKernel, _ device: String, d: Int, _ pass: Pass) {
  let opsPerSecond = BenchmarkMetric.custom(
    "Ops per second", polarity: .prefersLarger, useScalingFactor: false)
  Benchmark(
    "Schedule \(kernel.name), causal, N = 16384, 16 heads of \(d), \(pass.rawValue), \(device)",
    configuration: .init(metrics: [.wallClock, .peakMemoryResident, opsPerSecond])
  ) { benchmark in
    var problem = AttentionProblem(
      queries: 16_384, d: d, heads: 16, type: .fp16, maskRule: .causal)
    problem.pass = pass
    let device = try DeviceLibrary.find(device).device
    guard let mapping = kernel.launched(problem, on: device) else { return }
    let plan = try Plan(kernel, .attention(problem), mapping, device)
    var ops = 0
    benchmark.startMeasurement()
    let seconds = try ContinuousClock().measure { ops = try plan.totals(isExact: true).ops }
    benchmark.stopMeasurement()
    benchmark.measurement(opsPerSecond, Int(Double(ops) / (seconds / .seconds(1))))
  }
}

private func record() {
  Benchmark("Record FlashAttention-2 with values, N = 1024") { benchmark in
    let plan = try plan(n: 1024, heads: 1, type: .fp32)
    let inputs = plan.problem.seededInputs(1)
    benchmark.startMeasurement()
    blackHole(try plan.record(inputs: inputs))
    benchmark.stopMeasurement()
  }
}

/// Every iteration looks at another cycle, far from the one before.
private func state() {
  Benchmark("State at a random cycle, N = 1024") { benchmark in
    let recording = try completedRun().recording
    benchmark.startMeasurement()
    for step in 1...1000 {
      blackHole(recording.state(at: step * 7_919_317 % recording.lastCycle))
    }
    benchmark.stopMeasurement()
  }
}

private func frame(width: Int, height: Int) {
  Benchmark("100 frames of \(width) × \(height), N = 1024") { benchmark in
    var player = Player([try completedRun()])
    for _ in 0..<200 { _ = player.update(.right, width: width, height: height) }
    benchmark.startMeasurement()
    for _ in 0..<100 { blackHole(player.frame(width: width, height: height)) }
    benchmark.stopMeasurement()
  }
}
