// The simulator's prediction for a published row, in the row's own unit; one function for each
// metric.

import Foundation
import Kernels
import Library
import Machine
import Runs

/// A published row and the prediction of its run, or the reason why there is none.
/// - Parameter simulated: the result of the simulation, where one was needed.
package func prediction(
  of row: PublishedRow, _ run: PublishedRun, _ simulated: Result<Simulated, Failure>?
) -> Reproduction.Row {
  var result = Reproduction.Row(row)
  result.notes = notes(on: row)
  do {
    guard let kernel = run.kernel else {
      let isForwardOnly = Catalogue.kernel(named: row.kernel) != nil
      throw Failure.usage(
        isForwardOnly ? "no backward pass here" : "there is no such kernel here")
    }
    let done = try simulated?.get()
    let plan = try done?.plan ?? run.plan()
    let value = try predicted(row, plan, done?.figures)
    (result.model, result.predicted) = (kernel, value)
    result.isApproximate = plan.kernel.text.isApproximate
    if result.isApproximate {
      result.notes.append(
        "\(kernel): the paper does not say its rank, hash rounds or pattern; here they are the text's own, and the row counts in no mean"
      )
    }
    result.mapping = plan.mapping.fields(for: plan.problem)
  } catch {
    result.reason = Failure(error).message
  }
  return result
}

private func predicted(
  _ row: PublishedRow, _ plan: Plan, _ figures: ReportFigures?
) throws -> Double {
  switch (row.metric, figures) {
  case (.hbm, _): return hbmBytes(plan) / factor(of: row.unit)
  case (_, nil): throw Failure.usage("the run has no figures")
  case (.launchTime("total"), let figures?):
    return try timedLaunches(plan).reduce(0) {
      try $0 + launchSeconds($1, plan, figures) / factor(of: row.unit)
    }
  case (.launchTime(let name), let figures?):
    return try launchSeconds(name, plan, figures) / factor(of: row.unit)
  case (.cycles, let figures?): return try launchCycles(plan, figures)
  case (.time, let figures?) where row.isOfKernelAlone:
    let cycles = try launchCycles(plan, figures)
    return plan.device.seconds(1) * cycles / factor(of: row.unit)
  case (.time, let figures?):
    return (try figure("seconds", figures) + harnessSeconds(row)) / factor(of: row.unit)
  case (.throughput, let figures?):
    return countedFlops(row) / (try figure("seconds", figures)) / factor(of: row.unit)
  case (.flops, let figures?):
    let heads = Double(row.batch * row.heads)
    return try figure("flops.matmul", figures) * heads / factor(of: row.unit)
  case (.memory, let figures?): return try memoryBytes(figures) / binaryFactor(of: row.unit)
  }
}

// MARK: A function per metric

/// Time in seconds that the benchmark of the 2022 paper spends around the kernels. It is estimated
/// from the rows with N = 128, where there is next to nothing to compute: there FlashAttention
/// takes 0.08 ms (Table 18, forward) and 0.31 ms (Table 20, both passes), and the simulated
/// launches alone 0.01 and 0.05 ms.
private let harnessOverhead = ["forward": 0.05e-3, "backward": 0.10e-3, "both": 0.15e-3]

private func hasHarnessOverhead(_ row: PublishedRow) -> Bool {
  row.paper == "fa1" && row.metric == .time && (9...20).contains(row.tableNumber ?? 0)
}

private func harnessSeconds(_ row: PublishedRow) -> Double {
  hasHarnessOverhead(row) ? harnessOverhead[row.pass] ?? 0 : 0
}

/// The launches whose times add up to the total of a paper's figure; it does not show the copies.
private func timedLaunches(_ plan: Plan) -> [String] {
  plan.program.launches.map(\.name).filter { !$0.hasPrefix("copy ") }
}

/// The time of one launch in seconds, without the overhead between launches.
private func launchSeconds(
  _ name: String, _ plan: Plan, _ figures: ReportFigures
) throws -> Double {
  guard let cycles = figures["launches.\(name).cycles"] else {
    throw Failure.usage("\(plan.kernel.name) has no launch \(visible(name))")
  }
  return plan.device.seconds(Int(cycles))
}

/// Cycles of all launches, without the overhead between them.
private func launchCycles(_ plan: Plan, _ figures: ReportFigures) throws -> Double {
  try plan.program.launches.reduce(0) { sum, launch in
    guard let cycles = figures["launches.\(launch.name).cycles"] else {
      throw Failure.usage("\(plan.kernel.name) has no launch \(visible(launch.name))")
    }
    return sum + cycles
  }
}

/// Bytes of HBM traffic, counted as the authors count them.
private func hbmBytes(_ plan: Plan) -> Double {
  guard case .attention(let problem) = plan.problem else { return 0 }
  return Double(plan.kernel.paperBytes(problem, plan.mapping, plan.device))
}

/// Bytes of HBM in use at the peak of the run.
private func memoryBytes(_ figures: ReportFigures) throws -> Double {
  guard let bytes = figures["memory.peakBytes"] else {
    throw Failure.usage("the report does not say yet how much memory a run holds")
  }
  return bytes
}

/// The FLOPs by which a paper turns a time into a throughput: by the formula in the row's note, or
/// two matrix products forward and five backward. Causal runs count half of them, even for kernels
/// that compute all.
package func countedFlops(_ row: PublishedRow) -> Double {
  let products: [String: Double] = ["forward": 4, "backward": 10, "both": 14]
  let size = Double(row.n) * Double(row.n) * Double(row.d) * Double(row.heads * row.batch)
  let all = (products[row.pass] ?? 4) * size
  let counted = formula(in: row) ?? all
  return row.isCausal == true && counted >= all ? counted / 2 : counted
}

/// The value of a note such as `4*N*N*d*heads*batch / time`, up to the division by the time.
private func formula(in row: PublishedRow) -> Double? {
  let values = [
    "N": Double(row.n), "d": Double(row.d), "heads": Double(row.heads), "batch": Double(row.batch),
  ]
  let note = row.note.filter { $0 != " " }
  guard let end = note.range(of: "/time") else { return nil }
  var result = 1.0
  for term in note[..<end.lowerBound].split(separator: "*") {
    let quotient = term.split(separator: "/").map { values[String($0)] ?? Double($0) }
    guard let first = quotient.first ?? nil else { return nil }
    result *= first
    for divisor in quotient.dropFirst() {
      guard let divisor else { return nil }
      result /= divisor
    }
  }
  return result
}

private func figure(_ name: String, _ figures: ReportFigures) throws -> Double {
  guard let value = figures[name] else { throw Failure.usage("the report has no \(name)") }
  return value
}

// MARK: Units and notes

/// The factor of a unit's decimal prefix: 1e-3 for `ms`, 1e12 for `TFLOP/s`. Source: the SI,
/// Brochure 9, Table 7.
private func factor(of unit: String) -> Double {
  let factors = ["T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "m": 1e-3, "u": 1e-6, "µ": 1e-6]
  return unit.count > 1 ? factors[String(unit.prefix(1))] ?? 1 : 1
}

/// The factor of a prefix of memory sizes, which frameworks print in powers of 1024.
private func binaryFactor(of unit: String) -> Double {
  ["K": 0x1p10, "k": 0x1p10, "M": 0x1p20, "G": 0x1p30][String(unit.prefix(1))] ?? 1
}

private func notes(on row: PublishedRow) -> [String] {
  var notes: [String] = []
  if hasHarnessOverhead(row) {
    notes.append(
      "times include \(fixed(harnessSeconds(row) * 1e3, 2)) ms for what surrounds "
        + "\(row.pass == "both" ? "both passes" : "a \(row.pass) pass") in the paper's benchmark")
  }
  if row.isAsPrinted { notes.append("printed GFLOPs are mis-scaled; the model's are the count") }
  if row.metric == .hbm { notes.append("bytes of whole matrices by closed forms, no tile skipped") }
  return notes
}
