// The real heads that are part of the program. To add one: its files in `Samples/`, its entry here.

/// The built-in samples, by name.
public enum SampleLibrary {
  private typealias Files = PackageResources

  private static let entries: [(name: String, files: @Sendable () -> SampleFiles)] = [
    (
      "coreference",
      {
        SampleFiles(
          description: Files.coreference_yaml, q: Files.coreference_q_npy,
          k: Files.coreference_k_npy, v: Files.coreference_v_npy, dO: Files.coreference_do_npy)
      }
    ),
    (
      "previous-word",
      {
        SampleFiles(
          description: Files.previous_word_yaml, q: Files.previous_word_q_npy,
          k: Files.previous_word_k_npy, v: Files.previous_word_v_npy,
          dO: Files.previous_word_do_npy)
      }
    ),
    (
      "notebook",
      {
        SampleFiles(
          description: Files.notebook_yaml, q: Files.notebook_q_npy, k: Files.notebook_k_npy,
          v: Files.notebook_v_npy, dO: Files.notebook_do_npy)
      }
    ),
    (
      "notebook-previous-word",
      {
        SampleFiles(
          description: Files.notebook_previous_word_yaml, q: Files.notebook_previous_word_q_npy,
          k: Files.notebook_previous_word_k_npy, v: Files.notebook_previous_word_v_npy,
          dO: Files.notebook_previous_word_do_npy)
      }
    ),
  ]

  /// The names `find` knows.
  public static var names: [String] { entries.map(\.name) }

  /// Reads one sample, and no other.
  /// - Throws: `unknown` with the nearest name.
  public static func find(_ name: String) throws(FileError) -> Sample {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw .unknown(kind: "sample", name: name, valid: names)
    }
    return try Sample(entry.files(), name: name)
  }
}
