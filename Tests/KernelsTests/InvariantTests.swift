// What must hold whatever the numbers are: kernels and tilings agree, weights are weights, and
// options are applied in the documented order.

import Foundation
import Kernels
import Machine
import Testing

@Suite("Invariants")
struct InvariantTests {
  @Test("Neither the kernel nor its tiles change the result beyond rounding")
  func tilesDoNotMatter() throws {
    let problem = AttentionProblem(queries: 19, keys: 27, d: 4, dv: 3, maskRule: .causal)
    let inputs = Problem.attention(problem).seededInputs(3)
    let exact = direct(problem, inputs)
    for kernel in attentionKernels {
      for rows in [1, 5, 32] {
        for columns in [1, 7, 32] {
          for stages in 1...2 {
            let mapping = Mapping(rows: rows, columns: columns, depth: 1, stages: stages)
            let run = try Finished(kernel, .attention(problem), mapping, inputs: inputs)
            #expect(error(of: run["O"]!, against: exact) < 2e-6, "\(kernel.name) \(mapping)")
          }
        }
      }
    }
  }

  @Test(
    "The device changes times, never values",
    arguments: ["standard-attention", "flash-attention", "flash-attention-2"])
  func deviceDoesNotMatter(name: String) throws {
    let kernel = try #require(Catalogue.kernel(named: name))
    let problem = Problem.attention(AttentionProblem(queries: 40, d: 6, maskRule: .causal))
    let inputs = problem.seededInputs(3)
    let one = try Finished(
      kernel, problem, Mapping(tile: 8), inputs: inputs, on: testDevice(sms: 1))
    let many = try Finished(
      kernel, problem, Mapping(tile: 8), inputs: inputs,
      on: testDevice(sms: 7, sram: 4096, registers: 4096))
    #expect(one["O"] == many["O"])
  }

  @Test("Every output is a mean of values: within their range, and 1 where all are 1")
  func convex() throws {
    let problem = AttentionProblem(queries: 25, keys: 40, d: 5, dv: 3)
    var inputs = Problem.attention(problem).seededInputs(9)
    for kernel in attentionKernels {
      let run = try Finished(kernel, .attention(problem), Mapping(tile: 8), inputs: inputs)
      for column in 0..<3 {
        let values = (0..<40).map { inputs["V"]![$0, column] }
        let (low, high) = (values.min()! - 2e-6, values.max()! + 2e-6)
        for row in 0..<25 { #expect((low...high).contains(run["O"]![row, column])) }
      }
    }
    inputs["V"] = Matrix(rows: 40, columns: 3, repeating: 1)
    for kernel in attentionKernels {
      let run = try Finished(kernel, .attention(problem), Mapping(tile: 8), inputs: inputs)
      for value in run["O"]!.values { #expect(abs(value - 1) < 2e-6) }
    }
  }

  @Test("m, l and L are those of the definition")
  func statistics() throws {
    let problem = AttentionProblem(
      queries: 37, keys: 45, d: 6, maskRule: .window(left: 9, right: 4))
    let inputs = Problem.attention(problem).seededInputs(3)
    let exact = direct(problem, inputs)
    for kernel in attentionKernels {
      let run = try Finished(kernel, .attention(problem), Mapping(tile: 8), inputs: inputs)
      for (row, expected) in exact.enumerated() {
        let (m, l) = (Double(run["m"]![row, 0]), Double(run["l"]![row, 0]))
        // A maximum that stays is at most so much below the largest score, and l belongs to it.
        #expect(
          (kernel.keepsMaxima ? -2e-6...5.545 : -2e-6...2e-6).contains(expected.m - m),
          "\(kernel.name)")
        #expect(abs(l * exp(m - expected.m) / expected.l - 1) < 2e-6, "\(kernel.name)")
        if let logSum = run["L"] {
          #expect(abs(Double(logSum[row, 0]) - (expected.m + log(expected.l))) < 2e-6)
        }
      }
    }
  }

  @Test(
    "Scale, softcap, bias and mask come in this order",
    arguments: [Mask.Rule.none, .causal, .padding(length: 11)])
  func order(rule: Mask.Rule) throws {
    for (scale, cap) in [(0.9, 1.0), (-2, 0.5), (0, 3), (4, 2)] {
      let bias = Matrix.normal(planes: 2, rows: 20, columns: 28, seed: 1, stream: 9)
      let problem = AttentionProblem(
        queries: 20, keys: 28, d: 4, batch: 2, heads: 2, scale: scale, softcap: cap,
        maskRule: rule, bias: bias)
      let inputs = Problem.attention(problem).seededInputs(3)
      let exact = direct(problem, inputs)
      for kernel in attentionKernels {
        let run = try Finished(kernel, .attention(problem), Mapping(tile: 8), inputs: inputs)
        #expect(error(of: run["O"]!, against: exact) < 2e-6, "\(kernel.name)")
      }
    }
  }

  @Test("The reference of the reports is the definition, too")
  func reference() {
    for problem in ValueTests.shapes {
      let inputs = Problem.attention(problem).seededInputs(7)
      let reference = Reference(problem, inputs: inputs)
      for (index, expected) in direct(problem, inputs).enumerated() {
        let (plane, row) = index.quotientAndRemainder(dividingBy: problem.queries)
        let actual = reference.row(plane: plane, row: row)
        for (a, b) in zip(actual.output, expected.output) { #expect(abs(a - b) < 1e-12) }
        #expect(actual.m == expected.m || abs(actual.m - expected.m) < 1e-12)
        #expect(abs(actual.l - expected.l) < 1e-10)
      }
    }
  }

  @Test("Shared K/V heads are as good as repeated ones")
  func groupedHeads() throws {
    let grouped = AttentionProblem(queries: 18, d: 4, batch: 2, heads: 4, keyValueHeads: 2)
    let repeated = AttentionProblem(queries: 18, d: 4, batch: 2, heads: 4)
    let inputs = Problem.attention(grouped).seededInputs(3)
    var copies = inputs
    for name in ["K", "V"] {
      let size = 18 * 4
      let values = (0..<8).flatMap { plane -> [Float] in
        // Heads 0 and 1 of a batch entry share its first K/V head, 2 and 3 the second.
        let source = plane / 2
        return Array(inputs[name]!.values[source * size..<(source + 1) * size])
      }
      copies[name] = Matrix(planes: 8, rows: 18, columns: 4, values: values)
    }
    for kernel in attentionKernels {
      let one = try Finished(kernel, .attention(grouped), Mapping(tile: 8), inputs: inputs)
      let other = try Finished(kernel, .attention(repeated), Mapping(tile: 8), inputs: copies)
      #expect(one["O"] == other["O"], "\(kernel.name)")
    }
  }

  @Test("Matrix products are exact to fp32, whatever the tiles")
  func matmul() throws {
    for (m, n, k) in [(1, 1, 1), (5, 7, 6), (17, 9, 40)] {
      let problem = Problem.matmul(MatmulProblem(m: m, n: n, k: k))
      let inputs = problem.seededInputs(1)
      let (a, b) = (inputs["A"]!, inputs["B"]!)
      for kernel in [Catalogue["naive-matmul"], Catalogue["tiled-matmul"]] as [Kernel] {
        for mapping in [
          Mapping(tile: 3), Mapping(rows: 2, columns: 5, depth: 20), Mapping(tile: 64),
        ] {
          let run = try Finished(kernel, problem, mapping, inputs: inputs)
          for row in 0..<m {
            for column in 0..<n {
              let products = (0..<k).map { Double(a[row, $0]) * Double(b[$0, column]) }
              let scale = products.map { abs($0) }.reduce(0, +)
              let error = abs(Double(run["C"]![row, column]) - products.reduce(0, +))
              #expect(error <= 0x1p-24 * Double(k) * scale)
            }
          }
        }
      }
    }
  }
}
