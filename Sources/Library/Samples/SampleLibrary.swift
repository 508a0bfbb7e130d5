// The real heads that are part of the program. To add one: its files in `Samples/`.
import Shipped

/// The built-in samples, by name.
package enum SampleLibrary {
  /// The names `find` knows.
  package static let names = Shipped.names(in: "Samples", suffix: ".yaml")

  /// Reads one sample, and no other.
  /// - Throws: `unknown` with the nearest name.
  package static func find(_ name: String) throws(FileError) -> Sample {
    guard names.contains(name) else {
      throw .unknown(kind: "sample", name: name, valid: names)
    }
    func bytes(_ ending: String) -> [UInt8] { Shipped.bytes("Samples/\(name)\(ending)") ?? [] }
    let files = SampleFiles(
      description: bytes(".yaml"), q: bytes("-q.npy"), k: bytes("-k.npy"), v: bytes("-v.npy"),
      dO: bytes("-do.npy"))
    return try Sample(files, name: name)
  }
}
