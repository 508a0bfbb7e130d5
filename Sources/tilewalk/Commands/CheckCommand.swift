// `tilewalk check [FILE…]`: proves lessons and kernels, and reports each diagnostic with file,
// line, column and the source line, as compilers do.

import ArgumentParser
import Exports
import Kernels
import Lessons
import Library
import Machine
import Notation
import Player
import Runs

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove lessons and kernels: every cue, number and claim; every line, byte and result."
  )

  @Argument(
    help:
      "Built-in lessons or kernels, Markdown files, FILE.kernel (default: all that are built in).")
  var lessons: [String] = []
  @Option(help: "text or json.") var format = ReportFormat.text

  func run() throws {
    let names = lessons.isEmpty ? LessonLibrary.names + Catalogue.kernels.map(\.name) : lessons
    // Everything is read before anything is printed: an unknown name is an error of the command
    // line and not a diagnostic.
    let checked = try names.map { name -> any Checked in
      if KernelLibrary.isFile(name), name.hasSuffix(".kernel") {
        return try CheckedKernel(file: name)
      }
      if let kernel = Catalogue.anyKernel(named: name) { return try CheckedKernel(kernel) }
      return try CheckedLesson(name)
    }
    switch format {
    case .json: try emit(json(checked.flatMap(\.diagnostics).map(Finding.init)))
    case .text:
      for subject in checked where subject.diagnostics.isEmpty { try emit(subject.summary + "\n") }
      say(checked.flatMap(\.warnings))
      say(
        checked.flatMap(\.diagnostics).flatMap { $0.report.split(separator: "\n").map(String.init) }
      )
    }
    let wrong = checked.count { !$0.diagnostics.isEmpty }
    if wrong > 0 {
      let kinds = Set(checked.map(\.kind))
      let noun = kinds.count == 1 ? kinds.first! : "text"
      throw Failure.mismatch(
        "\(wrong) of \(names.count) \(noun)\(names.count == 1 ? "" : "s") at fault")
    }
  }
}

/// A checked lesson or kernel with its diagnostics.
private protocol Checked {
  /// `kernel` or `lesson`.
  var kind: String { get }
  var diagnostics: [FileDiagnostic] { get }
  /// Problems that do not keep it from running.
  var warnings: [String] { get }
  /// One line for a subject without diagnostics: `first.md: 2 beats, 1 question, 2 claims: all
  /// true`.
  var summary: String { get }
}

private func counted(_ number: Int, _ noun: String, _ ending: String = "s") -> String {
  "\(number) \(noun)\(number == 1 ? "" : ending)"
}

/// A kernel, its proof, and its diagnostics.
private struct CheckedKernel: Checked {
  let kind = "kernel"
  private let path: String
  private let kernel: Kernel?
  private let proof: Proof
  let diagnostics: [FileDiagnostic]

  init(_ kernel: Kernel) throws {
    self.init("\(kernel.name).kernel", kernel, kernel.proof(on: try KernelLibrary.checkingDevice()))
  }

  init(file: String) throws {
    do throws(FileError) {
      let kernel = try KernelLibrary.read(file)
      self.init(file, kernel, kernel.proof(on: try KernelLibrary.checkingDevice()))
    } catch {
      guard case .malformed(_, let line?, let column, let reason) = error else { throw error }
      var proof = Proof()
      proof.diagnostics = [Diagnostic(SourcePosition(line: line, column: column ?? 1), reason)]
      self.init(file, nil, proof, source: KernelLibrary.line(line, of: file))
    }
  }

  private init(_ path: String, _ kernel: Kernel?, _ proof: Proof, source: String? = nil) {
    (self.path, self.kernel, self.proof) = (path, kernel, proof)
    diagnostics = proof.diagnostics.map { diagnostic in
      FileDiagnostic(
        path: path, line: diagnostic.place.line, column: diagnostic.place.column,
        message: diagnostic.message,
        source: source ?? kernel?.line(diagnostic.place.line)?.text)
    }
  }

  var warnings: [String] {
    proof.warnings.map {
      "\(visible(path)):\($0.place.line):\($0.place.column): warning: \(visible($0.message))"
    }
  }

  /// One line, such as `mine.kernel: 1 launch, 12 lines; bytes as its moves say on 24 problems;
  /// equals exact attention to 2.4e-07`.
  var summary: String {
    guard let kernel else { return "" }
    let lines = counted(kernel.text.shownLineCount, "line")
    let held =
      "\(kernel.text.statesMoves ? "bytes as its moves say" : "no moves stated, all written and read in order") on \(counted(proof.problems, "problem"))"
    let error =
      kernel.text.isApproximate
      ? "; an approximation"
      : proof.largestError.map { error in
        let subject = kernel.isMatmul ? "the exact product" : "exact attention"
        return error < kernel.text.largestExpectedError
          ? "; equals \(subject) to \(short(Float(error)))"
          : "; differs from \(subject) by \(error.isFinite ? short(Float(error)) : "values that are not finite")"
      }
    return
      "\(visible(path)): \(counted(kernel.text.launchCount, "launch", "es")), \(lines); \(held)\(error ?? "")"
  }
}

/// A lesson with the diagnostics of its text and its layout problems.
private struct CheckedLesson: Checked {
  let kind = "lesson"
  private let path: String
  private let reading: Lesson.Reading
  let diagnostics: [FileDiagnostic]
  let warnings: [String] = []

  init(_ name: String) throws {
    let reading = try LessonLibrary.read(name)
    let path = LessonLibrary.names.contains(name) ? "\(name).md" : name
    let layoutProblems = reading.lesson.map { lesson in
      LessonPlayer.layoutProblems(lesson).map {
        FileDiagnostic(path: path, line: $0.line, message: $0.message)
      }
    }
    (self.path, self.reading, diagnostics) = (
      path, reading, reading.diagnostics + (layoutProblems ?? [])
    )
  }

  var summary: String {
    let (beats, questions) = (reading.lesson?.beats.count, reading.lesson?.questions.count)
    let counts = [
      counted(beats ?? 0, "beat"), counted(questions ?? 0, "question"),
      counted(reading.claims, "claim"),
    ]
    return "\(visible(path)): \(counts.joined(separator: ", ")): all true"
  }
}

/// A diagnostic as JSON.
private struct Finding: Encodable {
  let path: String
  let line: Int
  let column: Int
  let message: String
  let source: String?
  let note: String?

  init(_ diagnostic: FileDiagnostic) {
    (path, line, column) = (diagnostic.path, diagnostic.line, diagnostic.column)
    (message, source, note) = (diagnostic.message, diagnostic.source, diagnostic.note)
  }

  private enum CodingKeys: String, CodingKey { case path, line, column, message, source, note }

  /// Missing members are written as null: the default would leave them out.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(line, forKey: .line)
    try container.encode(column, forKey: .column)
    try container.encode(message, forKey: .message)
    try container.encode(source, forKey: .source)
    try container.encode(note, forKey: .note)
  }
}
