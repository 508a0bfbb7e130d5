// Options of a kernel's own. Its text declares them, and every command and lesson knows them from there.

/// An option that belongs to one kernel: `option rank r = 16`, `option linformer-e E = normal / √r`.
package struct KernelOption: Sendable, Equatable {
  /// What its value is.
  package enum Meaning: Sendable, Equatable {
    /// The length of an axis of the kernel's own, and the length without the option.
    case size(axis: String, standard: Int)
    /// A matrix for an input. Without the option it is filled with seeded normal numbers, divided by
    /// the square root of the length of an axis if one is named.
    case matrix(tensor: String, root: String?)
  }

  /// Its name on the command line and in lessons, without dashes.
  package let name: String
  package let meaning: Meaning
  /// The reason behind its line.
  package let help: String
  let place: SourcePosition
}

extension KernelText {
  /// The text with the length of an axis of its own that an option gives.
  package func with(size axis: String, _ length: Int) -> KernelText {
    var text = self
    for index in text.sizes.indices where text.sizes[index].name == axis {
      text.sizes[index].value = length
    }
    return text
  }
}
