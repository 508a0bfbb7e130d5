// Q, K and V of one attention head of a trained model on one text, so that a lesson can show
// attention between real words instead of between random vectors.
import Machine

/// The inputs of one attention head of a trained model.
package struct Sample: Sendable, Equatable {
  package let name: String
  /// What the head does with this text, in one line.
  package let title: String
  /// The text that the model read.
  package let text: String
  package let tokens: [String]
  /// Index of the layer in the model, and of the head in the layer, from 0.
  package let layer: Int
  package let head: Int
  /// Factor of the scores: 1/√d.
  package let scale: Double
  /// N × d each: the head's queries, keys and values, before scaling.
  package let q: Matrix
  package let k: Matrix
  package let v: Matrix
  /// N × d: a random gradient of the output, for the backward pass.
  package let dO: Matrix
  /// Source and licence of the model.
  package let attribution: String
}

/// The contents of a sample's files: a YAML description and four .npy arrays.
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
