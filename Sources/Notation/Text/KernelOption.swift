// Options of a kernel's own. Its text declares them, and every command and lesson knows them from there.

/// An option that belongs to one kernel: `option rank r = 16`, `option linformer-e E = normal / √r`.
package struct KernelOption: Sendable, Equatable {
  /// What its value is.
  package enum Meaning: Sendable, Equatable {
    /// The length of an axis of the kernel's own; without the option it is `standard`, but at most a part of
    /// another axis if one is named, as `Nk/4`. It lies in `range`.
    case size(axis: String, standard: Int, atMost: String?, range: ClosedRange<Int>)
    /// A matrix for an input, and what it is filled with without the option.
    case matrix(tensor: String, Filling)
    /// One of several words, the first without the option; or a matrix that says which pairs are seen.
    case choice([String], takesMatrix: Bool)
  }

  /// What a size may be where the text says no more.
  package static let sizes = 1...1 << 24

  /// Seeded numbers for an input that nobody gives.
  package enum Filling: Sendable, Equatable {
    /// Standard normal, divided by the square root of the length of an axis if one is named.
    case normal(root: String?)
    /// The numbers of the rows in random order.
    case permutation
    /// In each row the numbers of the columns, in order.
    case order
  }

  /// Its name on the command line and in lessons, without dashes.
  package let name: String
  package let meaning: Meaning
  /// The reason behind its line.
  package let help: String
  let place: SourcePosition
}

extension KernelText {
  /// The choices of all options.
  var choices: Set<String> {
    Set(
      options.flatMap { option -> [String] in
        if case .choice(let words, _) = option.meaning { words } else { [] }
      })
  }

  /// The text with the length of an axis of its own that an option gives. That of `b/2` gives b.
  package func with(size axis: String, _ length: Int) -> KernelText {
    var text = self
    let parts = axis.split(separator: "/")
    if parts.count == 2, let count = Int(parts[1]) {
      return with(size: String(parts[0]), length * count)
    }
    for index in text.sizes.indices where text.sizes[index].name == axis {
      text.sizes[index].value = length
    }
    text.limits[axis] = nil
    return text
  }
}
