// The runs of a sweep: every kernel on every device at every value. All requests are checked before
// the first run starts; a run that a device cannot carry out is kept as a point without a value.

import Foundation
import Kernels
import Library
import Runs

/// The runs of a sweep; none records events or values.
package struct SweepRuns {
  private struct Job: Sendable {
    var kernel: Kernel
    var device: String
    var value: Double
    var workload: Workload
  }

  private struct Finished {
    var job: Job
    var result: Result<ReportFigures, Failure>
  }

  private let kernels: [Kernel]
  private let jobs: [Job]
  private let first: Double
  /// Labels of the devices: a name, or the path of a device file.
  package let devices: [String]

  /// - Parameter request: the options that all runs share.
  /// - Throws: `Refusal` or `FileError` for the first request that is invalid.
  package init(
    _ kernels: [Kernel], _ devices: [String], _ range: SweepRange, _ request: RunRequest
  ) throws {
    var jobs: [Job] = []
    for device in devices {
      var request = request
      request.device = try DeviceLibrary.find(device).device
      for kernel in kernels {
        for value in range.values {
          var request = request
          range.option.set(&request, value)
          let workload = try Workload.read(request, for: kernel)
          jobs.append(Job(kernel: kernel, device: device, value: value, workload: workload))
        }
      }
    }
    // A device file is labelled with its device's name, unless two devices have that name.
    let names = Dictionary(
      jobs.map { ($0.device, $0.workload.device.name) }, uniquingKeysWith: { $1 })
    let label = { (device: String) in
      let name = names[device] ?? device
      return names.values.count { $0 == name } == 1 ? name : visible(device)
    }
    for index in jobs.indices { jobs[index].device = label(jobs[index].device) }
    self.kernels = kernels
    self.jobs = jobs
    self.devices = devices.map(label)
    first = range.values[0]
  }

  /// Runs the sweep.
  /// - Parameter figures: names of the numbers that each point gets.
  /// - Parameter baseline: name of the kernel that ratios are relative to.
  /// - Parameter report: makes the progress report of a group of runs from their number.
  /// - Returns: one point for each run.
  /// - Throws: `Failure` where a name is unknown, after the runs of the first value and before the
  ///   others.
  package func points(
    _ figures: [String], baseline: String?, _ report: (_ count: Int) -> any ProgressReport
  ) throws -> [Sweep.Point] {
    var finished = try run(jobs.filter { $0.value == first }, report)
    try SweepFigure.check(figures, in: finished.compactMap { try? $0.result.get() })
    finished += try run(jobs.filter { $0.value != first }, report)
    try SweepFigure.check(figures, in: finished.compactMap { try? $0.result.get() })
    return finished.map { point($0, figures, baselineOf($0, baseline, in: finished)?.result) }
  }

  /// Runs the jobs in parallel; an invalid request ends the sweep.
  private func run(
    _ jobs: [Job], _ report: (_ count: Int) -> any ProgressReport
  ) throws -> [Finished] {
    let results = concurrently(jobs, reportingTo: report(jobs.count)) { job in
      Result {
        try job.workload.plan(for: job.kernel, among: kernels).figures()
      }.mapError(Failure.init)
    }
    for case .failure(let failure) in results where failure.infeasibility == nil { throw failure }
    return zip(jobs, results).map { Finished(job: $0, result: $1) }
  }

  private func baselineOf(
    _ run: Finished, _ kernel: String?, in all: [Finished]
  ) -> Finished? {
    all.first {
      $0.job.kernel.name == kernel && $0.job.device == run.job.device
        && $0.job.value == run.job.value
    }
  }

  private func point(
    _ run: Finished, _ names: [String], _ baseline: Result<ReportFigures, Failure>?
  ) -> Sweep.Point {
    var point = Sweep.Point(
      kernel: run.job.kernel.name, device: run.job.device, value: run.job.value)
    switch run.result {
    case .success(let figures):
      for name in names {
        point.figures[name] = SweepFigure.value(name, figures, baseline: try? baseline?.get())
      }
      if case .failure(let failure) = baseline, names.contains(where: SweepFigure.isRatio) {
        point.reason = "the baseline has none: \(failure.message)"
        point.infeasibility = failure.infeasibility.map { "baseline \($0)" }
      }
    case .failure(let failure):
      (point.reason, point.infeasibility) = (failure.message, failure.infeasibility)
    }
    return point
  }
}
