// Values of the options that a kernel's text declares: lengths of its own axes, and matrices for its own
// inputs.

import Machine
import Notation

/// The value of an option of a kernel's own.
package enum OwnValue: Sendable {
  case size(Int)
  case matrix(Matrix)
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
      guard case .size(let axis, _) = option.meaning, case .size(let length)? = values[option.name]
      else { continue }
      kernel.text = kernel.text.with(size: axis, length)
      given.insert(axis)
    }
    for option in options {
      guard case .matrix(let tensor, _) = option.meaning,
        case .matrix(let matrix)? = values[option.name]
      else { continue }
      kernel.matrices[tensor] = matrix
      let lengths = [matrix.rows, matrix.columns]
      for (axis, length) in zip(text.axes(of: tensor) ?? [], lengths) where !given.contains(axis) {
        kernel.text = kernel.text.with(size: axis, length)
      }
    }
    return kernel
  }

  /// Why a value does not go with the option that it is for; nil if all do.
  package func refusal(of values: [String: OwnValue]) -> String? {
    for option in options {
      switch (option.meaning, values[option.name]) {
      case (.size, .matrix): return "\(option.name): found a matrix, expected a whole number"
      case (.matrix, .size): return "\(option.name): found a number, expected a .npy file"
      case (.size, .size(let length)) where !(1...(1 << 24)).contains(length):
        return "\(option.name): found \(length), expected 1 to 16,777,216"
      default: continue
      }
    }
    return nil
  }
}
