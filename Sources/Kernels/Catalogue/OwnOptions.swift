// Values of the options that a kernel's text declares: lengths of its own axes, matrices for its own inputs,
// choices.

import Machine
import Notation

/// The value of an option of a kernel's own.
package enum OwnValue: Sendable, Equatable {
  case size(Int)
  case matrix(Matrix)
  case word(String)
}

extension Kernel {
  /// The options that the text declares.
  package var options: [KernelOption] { text.options }

  /// The kernel with these values of its options; those of other kernels change nothing. A matrix tells
  /// the lengths of its tensor's axes where no option gives them.
  package func with(_ values: [String: OwnValue]) -> Kernel {
    var kernel = self
    var given: Set<String> = []
    for option in options {
      guard case .size(let axis, _, _, _) = option.meaning,
        case .size(let length)? = values[option.name]
      else { continue }
      kernel.text = kernel.text.with(size: axis, length)
      given.insert(axis)
    }
    kernel.givenSizes.formUnion(given)
    for option in options {
      switch (option.meaning, values[option.name]) {
      case (.choice, .word(let word)?): kernel.choices[option.name] = word
      case (.choice, .matrix(let matrix)?):
        kernel.choices[option.name] = nil
        kernel.matrices[option.name] = matrix
      case (.matrix(let tensor, _), .matrix(let matrix)?):
        kernel.matrices[tensor] = matrix
        let lengths = [matrix.rows, matrix.columns]
        for (axis, length) in zip(text.axes(of: tensor) ?? [], lengths) where !given.contains(axis)
        {
          kernel.text = kernel.text.with(size: axis, length)
        }
      default: break
      }
    }
    return kernel
  }

  /// Why a value does not go with the option that it is for; nil if all do.
  package func refusal(of values: [String: OwnValue]) -> String? {
    for option in options {
      switch (option.meaning, values[option.name]) {
      case (_, nil), (.matrix, .matrix): continue
      case (.size(_, _, _, let range), .size(let length)) where range.contains(length): continue
      case (.choice(_, takesMatrix: true), .matrix): continue
      case (.choice(let words, _), .word(let word)) where words.contains(word): continue
      case (.size(_, _, _, let range), .size(let length)?):
        return "\(option.name): found \(length), expected \(range.lowerBound) to "
          + grouped(range.upperBound)
      case (.size, let value?):
        return "\(option.name): found \(value.shown), expected a whole number"
      case (.matrix, let value?):
        return "\(option.name): found \(value.shown), expected a .npy file"
      case (.choice(let words, let takesMatrix), let value?):
        let word = if case .word(let word) = value { word } else { value.shown }
        return "\(option.name): found \(word), expected "
          + listed(words + (takesMatrix ? ["a .npy file"] : []), "or")
          + suggestion(word, among: words)
      }
    }
    return nil
  }
}

extension OwnValue {
  /// What was found, for messages.
  fileprivate var shown: String {
    switch self {
    case .size(let number): "\(number)"
    case .matrix: "a matrix"
    case .word(let word): word
    }
  }
}
