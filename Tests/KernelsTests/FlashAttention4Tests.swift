// What is FlashAttention-4's alone: roles, tensor memory, polynomials for exponentials, maxima that stay.

import Foundation
import Kernels
import Library
import Machine
import Testing

@Suite("FlashAttention-4")
struct FlashAttention4Tests {
  private let kernel = Catalogue["flash-attention-4"]

  private func kernel(columns: Int) -> Kernel {
    kernel.with(["fma-columns": .size(columns)])
  }

  private func run(
    _ kernel: Kernel, _ problem: AttentionProblem, _ inputs: [String: Matrix], tile: Int = 16
  ) throws -> Finished {
    try Finished(kernel, .attention(problem), Mapping(tile: tile), inputs: inputs)
  }

  @Test("A share of polynomials changes O by no more than their error, and none changes nothing")
  func polynomials() throws {
    let problem = AttentionProblem(queries: 40, keys: 70, d: 8, dv: 5)
    let inputs = Problem.attention(problem).seededInputs(4)
    var errors: [Double] = []
    for columns in [0, 8, 32] {
      let error = worstError(
        try run(kernel(columns: columns), problem, inputs, tile: 32)["O"]!, problem, inputs)
      errors.append(error)
      // A weight errs by 8.8e-5 of itself, and so does the sum that divides it.
      #expect(error < (columns == 0 ? 2e-6 : 2 * 8.8e-5 + 2e-6), "\(columns): \(error)")
    }
    #expect(errors[1] > 5e-6 && errors[2] > 5e-6)
  }

  @Test("The polynomial is right to 8.8e-5 of e^x wherever a weight counts")
  func polynomialError() {
    var worst = 0.0
    for step in 0...80_000 {
      let x = -Float(step) / 1000
      let exact = exp(Double(x))
      worst = max(worst, abs(Double(PolynomialExponential.value(x)) - exact) / exact)
    }
    // 8.8e-5 of the polynomial, and the rounding of x·log₂e.
    #expect(worst < 9.3e-5 && worst > 8e-5, "\(worst)")
    #expect(PolynomialExponential.value(Float(0)) == 1)
    #expect(PolynomialExponential.value(-Float.infinity) < 1e-37)
    #expect(PolynomialExponential.value(Float.nan).isNaN)
  }

  @Test("Exponentials move from the SFU to the lanes, thirteen operations for each")
  func counts() throws {
    let problem = AttentionProblem(queries: 32, keys: 64, d: 8)
    func totals(_ columns: Int) throws -> Totals {
      try Plan(
        kernel(columns: columns), .attention(problem), Mapping(tile: 32), testDevice()
      ).totals(isExact: true)
    }
    let (none, some) = (try totals(0), try totals(8))
    let moved = 32 * 64 * 8 / 32
    #expect(none.exponentials - some.exponentials == moved)
    #expect(some.elementwiseOps - none.elementwiseOps == 13 * moved)
  }

  @Test("A maximum stays until one is larger by more than ln 256, and O is exact all the same")
  func rescales() throws {
    let problem = AttentionProblem(queries: 24, keys: 80, d: 4, scale: 1)
    var inputs = Problem.attention(problem).seededInputs(9)
    for (factor, isDone) in [(Float(0.5), false), (40, true)] {
      inputs["Q"] = Matrix(
        rows: 24, columns: 4, values: inputs["Q"]!.values.map { $0 * factor })
      let lazy = try run(kernel, problem, inputs, tile: 8)
      let eager = try run(Catalogue["flash-attention-3"], problem, inputs, tile: 8)
      #expect(worstError(lazy["O"]!, problem, inputs) < 2e-5)
      let (done, all) = (
        try #require(RescaleCounts(lazy.recording).until(.max)),
        RescaleCounts(eager.recording).until(.max)!
      )
      #expect(done.visited == all.visited && done.visited == 6 * 9)
      #expect(done.done <= all.done && (done.done > 0) == isDone, "\(done)")
      #expect(RescaleCounts(lazy.recording).until(0)?.visited == 0)
    }
  }

  @Test("Accumulators lie in tensor memory where there is one, and must fit")
  func tensorMemory() throws {
    var device = testDevice(registers: 1 << 18)
    let problem = AttentionProblem(queries: 32, keys: 32, d: 8)
    let plan = { try Plan(kernel, .attention(problem), Mapping(tile: 16), device) }
    let block = { (plan: Plan) in plan.program.block(0, of: plan.program.launches[0]) }
    #expect(block(try plan()).footprint(on: device).tensorMemory == 0)
    device.tensorMemoryBytes = 1 << 16
    let footprint = block(try plan()).footprint(on: device)
    // S of 8 × 16 and O of 8 × 8 numbers, for each of two groups.
    #expect(footprint.tensorMemory >= 2 * 4 * (8 * 16 + 8 * 8))
    device.tensorMemoryBytes = 512
    #expect(throws: PlanError.self) { _ = try plan() }
  }

  @Test(
    "On Blackwell its units are as busy as pipe counters of a real B200 and B300 say, within a tenth"
  )
  func utilisation() throws {
    // flash-attention issue 2701: tensor 87.7 and SFU 71.9 % on a B200, tensor 99.9 and SFU 50.3 % on a B300.
    for (name, tensor, special) in [("b200", 0.877, 0.719), ("gb300", 0.999, 0.503)] {
      let device = try DeviceLibrary.find(name).device.locked(at: 1500)
      let problem = AttentionProblem(queries: 8192, d: 128, heads: 32, type: .bf16)
      let mapping = try #require(kernel.launched(problem, on: device))
      let totals = try Plan(kernel, .attention(problem), mapping, device).totals(isExact: false)
      func busy(_ unit: Machine.Unit) -> Double {
        Double(totals.busyCycles[unit]!) / Double(totals.cycles * device.smCount)
      }
      #expect(abs(busy(.tensor) / tensor - 1) < 0.1, "\(name): \(busy(.tensor))")
      #expect(abs(busy(.sfu) / special - 1) < 0.1, "\(name): \(busy(.sfu))")
    }
  }

  @Test(
    "It has released tiles only where there is tensor memory, for 16-bit formats and d up to 128")
  func launched() throws {
    let b200 = try DeviceLibrary.find("b200").device
    let h100 = try DeviceLibrary.find("h100-sxm").device
    func tiles(_ d: Int, _ type: DataType, _ device: Device) -> Mapping? {
      kernel.launched(AttentionProblem(queries: 1024, d: d, type: type), on: device)
    }
    #expect(tiles(128, .bf16, b200)?.rows == 256)
    #expect(tiles(256, .bf16, b200) == nil)
    #expect(tiles(128, .fp32, b200) == nil)
    #expect(tiles(128, .bf16, h100) == nil)
  }
}
