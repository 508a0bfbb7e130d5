// One attention head of a trained model on one text: real Q, K and V, so that a lesson can show
// what attention does to words and not to noise.
import Machine

/// Inputs of a real attention head.
package struct Sample: Sendable, Equatable {
  package let name: String
  /// One line on what the head does with this text.
  package let title: String
  /// What the model read, and the N pieces it was cut into.
  package let text: String
  package let tokens: [String]
  /// The head's place in the model, counting from 0.
  package let layer: Int
  package let head: Int
  /// What scores are multiplied with: 1/√d.
  package let scale: Double
  /// N × d each: the head's inputs after its linear maps, before scaling.
  package let q: Matrix
  package let k: Matrix
  package let v: Matrix
  /// N × d: a gradient of the output, random, to run the backward pass with.
  package let dO: Matrix
  /// Whose model this was and under which licence.
  package let attribution: String
}

/// A sample's files.
struct SampleFiles {
  var description: [UInt8]
  var q: [UInt8]
  var k: [UInt8]
  var v: [UInt8]
  var dO: [UInt8]
}

extension Sample {
  private static let keys = [
    "name", "title", "layer", "head", "scale", "attribution", "text", "tokens",
  ]

  init(_ files: SampleFiles, name: String) throws(FileError) {
    let path = "\(name).yaml"
    let root = try composeYaml(Library.text(of: files.description, path: path), path: path)
    let entries = try YamlMapping(root, path: path, allowed: Self.keys)
    self.name = try entries.text("name")
    title = try entries.text("title")
    layer = try entries.integer("layer", in: 0...1000)
    head = try entries.integer("head", in: 0...1000)
    scale = try entries.number("scale")
    attribution = try entries.text("attribution")
    text = try entries.text("text")
    tokens = try entries.texts("tokens")
    q = try Self.matrix(files.q, "\(name)-q.npy", rows: tokens.count)
    k = try Self.matrix(files.k, "\(name)-k.npy", rows: tokens.count)
    v = try Self.matrix(files.v, "\(name)-v.npy", rows: tokens.count)
    dO = try Self.matrix(files.dO, "\(name)-do.npy", rows: tokens.count)
  }

  private static func matrix(
    _ bytes: [UInt8], _ file: String, rows: Int
  ) throws(FileError) -> Matrix {
    let matrix = try NpyArray(bytes: bytes, name: file).matrix(path: file)
    guard matrix.rows == rows else {
      throw .malformed(
        path: file, reason: "found \(matrix.rows) rows, expected one for each of \(rows) tokens")
    }
    return matrix
  }
}
