// The built-in samples. To add one, put its files into `Samples/`.
import Shipped

/// The built-in samples, by name.
package enum SampleLibrary {
  /// The names that `find` accepts.
  package static let names = Shipped.names(in: "Samples", suffix: ".yaml")

  /// Reads the sample of that name.
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
