// `tilewalk list kernels|devices|lessons|samples`: the names that other commands take, with a
// description of each.

import ArgumentParser
import Exports
import Kernels
import Lessons
import Library

/// Lists what is built in.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "What there is: kernels, devices, lessons, samples.")

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case kernels, devices, lessons, samples
  }

  @Argument(help: "kernels, devices, lessons or samples.") var kind: Kind
  @Option(help: "text or json.") var format = ReportFormat.text

  private struct Entry: Encodable {
    var name: String
    var title: String
    var detail: String
    /// Duration of a lesson; nil for everything else.
    var minutes: Int?
  }

  private struct Listing: Encodable {
    let schema = 1
    let entries: [Entry]

    private enum CodingKeys: String, CodingKey { case schema, entries }
  }

  func run() throws {
    let entries = try self.entries()
    guard format == .text else {
      try emit(json(Listing(entries: entries)))
      return
    }
    if entries.isEmpty { try emit("There are no \(kind.rawValue) yet.\n") }
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      let blanks = String(repeating: " ", count: width - entry.name.count)
      try emit("\(entry.name)\(blanks)  \(entry.title)\n")
      try emit("\(String(repeating: " ", count: width))  \(entry.detail)\n")
    }
  }

  private func entries() throws -> [Entry] {
    switch kind {
    case .kernels:
      return Catalogue.kernels.map { Entry(name: $0.name, title: $0.title, detail: $0.source) }
    case .devices:
      return try DeviceLibrary.builtIn.map { file in
        let unverified = file.unverified
        let note = unverified.isEmpty ? "" : "; unverified: \(unverified.joined(separator: ", "))"
        return Entry(
          name: file.device.name, title: file.device.title, detail: file.device.note + note)
      }
    case .lessons:
      return try LessonLibrary.names.map { name in
        let lesson = try LessonLibrary.heading(name)
        return Entry(
          name: name, title: lesson.title, detail: "\(lesson.minutes) minutes. \(lesson.summary)",
          minutes: lesson.minutes)
      }
    case .samples:
      return try SampleLibrary.names.map { name in
        let sample = try SampleLibrary.find(name)
        return Entry(
          name: name, title: sample.title,
          detail: "N \(sample.q.rows), d \(sample.q.columns). \(sample.attribution)")
      }
    }
  }
}
