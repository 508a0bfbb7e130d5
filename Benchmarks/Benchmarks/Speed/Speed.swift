// How fast the simulator is: ops scheduled, a run recorded with its values, any moment looked up,
// a frame drawn. Run with `make bench`.

import Benchmark
import Measuring

/// FlashAttention-2 on an A100 with a head of width 64 and tiles of 64.
private func plan() throws -> MeasuredPlan {
  try MeasuredPlan(
    kernel: "flash-attention-2", device: "a100-40gb", numbers: ["n": 1024, "d": 64, "tile": 64])
}

/// A run with values, for the benchmarks that look at one.
private func recording() throws -> MeasuredRecording {
  let plan = try plan()
  return try plan.record(plan.inputs())
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput, .peakMemoryResident], maxDuration: .seconds(5))
  schedule("flash-attention-2", "a100-80gb", d: 64, "forward")
  schedule("flash-attention-2", "h100-sxm", d: 128, "both")
  schedule("flash-attention-3", "h100-sxm", d: 128, "both")
  record()
  state()
  frame(width: 80, height: 24)
  frame(width: 200, height: 60)
}

/// Every op of every block, as `--exact` does it. Without a mask all SMs but those of the last wave do
/// the same, and are simulated once.
private func schedule(_ kernel: String, _ device: String, d: Int, _ pass: String) {
  let opsPerSecond = BenchmarkMetric.custom(
    "Ops per second", polarity: .prefersLarger, useScalingFactor: false)
  Benchmark(
    "Schedule \(kernel), causal, N = 16384, 16 heads of \(d), \(pass), \(device)",
    configuration: .init(metrics: [.wallClock, .peakMemoryResident, opsPerSecond])
  ) { benchmark in
    let plan = try MeasuredPlan(
      kernel: kernel, device: device, numbers: ["n": 16_384, "d": d, "heads": 16],
      words: ["dtype": "fp16", "mask": "causal", "pass": pass])
    var ops = 0
    benchmark.startMeasurement()
    let seconds = try ContinuousClock().measure { ops = try plan.schedule() }
    benchmark.stopMeasurement()
    benchmark.measurement(opsPerSecond, Int(Double(ops) / (seconds / .seconds(1))))
  }
}

private func record() {
  Benchmark("Record FlashAttention-2 with values, N = 1024") { benchmark in
    let plan = try plan()
    let inputs = plan.inputs()
    benchmark.startMeasurement()
    blackHole(try plan.record(inputs))
    benchmark.stopMeasurement()
  }
}

/// Every iteration looks at another cycle, far from the one before.
private func state() {
  Benchmark("State at a random cycle, N = 1024") { benchmark in
    let recording = try recording()
    benchmark.startMeasurement()
    for step in 1...1000 {
      blackHole(recording.tilesInSRAM(at: step * 7_919_317 % recording.lastCycle))
    }
    benchmark.stopMeasurement()
  }
}

private func frame(width: Int, height: Int) {
  Benchmark("100 frames of \(width) × \(height), N = 1024") { benchmark in
    let screen = try recording().screen(afterSteps: 200, width: width, height: height)
    benchmark.startMeasurement()
    for _ in 0..<100 { blackHole(screen.draw()) }
    benchmark.stopMeasurement()
  }
}
