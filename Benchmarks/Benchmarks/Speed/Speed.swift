// How fast the simulator is: ops scheduled, a run recorded with its values, any moment looked up,
// a frame drawn. Run with `swift package benchmark` in this folder.

import Benchmark
import Kernels
import Lessons
import Machine
import Player
import Runs

/// FlashAttention-2 on an A100 with a head of width 64 and tiles of 64.
private func plan(n: Int) throws -> Plan {
  var request = RunRequest(device: try DeviceLibrary.find("a100-40gb").device)
  request.numbers = [.n: n, .d: 64, .tile: 64]
  return try Workload(request, for: Catalogue["flash-attention-2"]).plan(for: Catalogue["flash-attention-2"])
}

/// A run with values, for the benchmarks that look at one.
private func completedRun() throws -> CompletedRun {
  let plan = try plan(n: 1024)
  return try CompletedRun.simulate(plan, inputs: plan.problem.seededInputs(1))
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput, .peakMemoryResident], maxDuration: .seconds(5))
  schedule(Catalogue["flash-attention-2"], "a100-80gb", d: 64, .forward)
  schedule(Catalogue["flash-attention-2"], "h100-sxm", d: 128, .both)
  schedule(Catalogue["flash-attention-3"], "h100-sxm", d: 128, .both)
  record()
  state()
  frame(width: 80, height: 24)
  frame(width: 200, height: 60)
}

/// Every op of every block, as `--exact` does it. Without a mask all SMs but those of the last wave live
/// the same life, and are simulated once.
private func schedule(_ kernel: Kernel, _ device: String, d: Int, _ pass: Pass) {
  let opsPerSecond = BenchmarkMetric.custom(
    "Ops per second", polarity: .prefersLarger, useScalingFactor: false)
  Benchmark(
    "Schedule \(kernel.name), causal, N = 16384, 16 heads of \(d), \(pass.rawValue), \(device)",
    configuration: .init(metrics: [.wallClock, .peakMemoryResident, opsPerSecond])
  ) { benchmark in
    var request = RunRequest(device: try DeviceLibrary.find(device).device)
    request.numbers = [.n: 16_384, .d: d, .heads: 16]
    request.words = [.dtype: "fp16", .mask: "causal", .pass: pass.rawValue]
    let plan = try Workload(request, for: kernel).plan(for: kernel)
    var ops = 0
    benchmark.startMeasurement()
    let seconds = try ContinuousClock().measure { ops = try plan.totals(isExact: true).ops }
    benchmark.stopMeasurement()
    benchmark.measurement(opsPerSecond, Int(Double(ops) / (seconds / .seconds(1))))
  }
}

private func record() {
  Benchmark("Record FlashAttention-2 with values, N = 1024") { benchmark in
    let plan = try plan(n: 1024)
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
