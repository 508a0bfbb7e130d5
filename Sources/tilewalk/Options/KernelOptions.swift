// Options that a kernel's own text declares, on the command line: `--rank 8` is for linformer, because its
// text says so. No command lists them.

import Foundation
import Kernels
import Library
import Machine
import Notation
import Runs

/// The options of the kernels that a command line names.
struct KernelOptions {
  private let options: [KernelOption]

  /// Reads the texts of the kernels among the arguments.
  init(_ arguments: [String]) {
    options = arguments.filter { !$0.hasPrefix("-") }.flatMap { name -> [KernelOption] in
      // No other file is opened here: a pipe can be read only once.
      let kernel =
        name.hasSuffix(".kernel") ? try? KernelLibrary.read(name) : Catalogue.kernel(named: name)
      return kernel?.options ?? []
    }
  }

  /// The arguments with each of these options, `--rank 8` or `--rank=8`, as `--own rank=8`.
  /// - Throws: `Failure` 64 for an option without a value.
  func rewritten(_ arguments: [String]) throws -> [String] {
    let names = Set(options.map(\.name)).subtracting(RunOption.taken)
    var result: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1)
      guard argument.hasPrefix("--"), let name = parts.first.map(String.init), names.contains(name)
      else {
        result.append(argument)
        continue
      }
      if parts.count > 1 {
        result += ["--own", "\(name)=\(parts[1])"]
      } else if let value = rest.popFirst() {
        result += ["--own", "\(name)=\(value)"]
      } else {
        throw Failure.usage("--\(name): expected a value behind it")
      }
    }
    return result
  }

  /// A section for `--help`; empty where the kernels have no options of their own.
  var help: String {
    guard !options.isEmpty else { return "" }
    let lines = options.map { option -> String in
      let (form, standard) =
        switch option.meaning {
        case .size(_, let length, let most, let range):
          (
            "--\(option.name) N",
            "default: \(length)"
              + (range == KernelOption.sizes
                ? most.map { ", at most \($0)" } ?? ""
                : ", from \(range.lowerBound) to \(range.upperBound)")
          )
        case .matrix: ("--\(option.name) FILE", "default: seeded")
        case .choice(let words, let takesMatrix):
          (
            "--\(option.name) \((words + (takesMatrix ? ["FILE"] : [])).joined(separator: "|"))",
            "default: \(words[0])"
          )
        }
      return "  " + form.padding(toLength: max(24, form.count + 1), withPad: " ", startingAt: 0)
        + "\(option.help) (\(standard))"
    }
    return "\nOPTIONS OF THE KERNEL:\n" + lines.joined(separator: "\n") + "\n"
  }

  /// The values of `NAME=VALUE` pairs: a whole number, the matrix in a .npy file, or a word.
  static func values(_ pairs: [String]) throws -> [String: OwnValue] {
    var values: [String: OwnValue] = [:]
    for pair in pairs {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let (name, value) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      if let number = Int(value) {
        values[name] = .size(number)
      } else if value.hasSuffix(".npy") || value.contains("/") {
        values[name] = .matrix(try matrix(ofFile: value))
      } else {
        values[name] = .word(visible(value))
      }
    }
    return values
  }
}
