// The shipped heads do what their titles say.
import Foundation
import Shipped
import Testing

@testable import Library

@Suite("Samples")
struct SampleTests {
  /// Softmax(scale · QKᵀ), row by row, in Double.
  private func attention(_ sample: Sample) -> [[Double]] {
    (0..<sample.q.rows).map { row in
      let scores = (0..<sample.k.rows).map { key in
        (0..<sample.q.columns).reduce(0.0) {
          $0 + Double(sample.q[0, row, $1]) * Double(sample.k[0, key, $1])
        } * sample.scale
      }
      let exponentials = scores.map { exp($0 - scores.max()!) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    }
  }

  @Test("Every sample has a row for each token", arguments: SampleLibrary.names)
  func shapes(name: String) throws {
    let sample = try SampleLibrary.find(name)
    #expect(sample.name == name)
    for matrix in [sample.q, sample.k, sample.v, sample.dO] {
      #expect(matrix.planes == 1 && matrix.rows == sample.tokens.count && matrix.columns == 32)
      #expect(matrix.values.allSatisfy { $0.isFinite })
    }
    #expect(sample.scale == 1 / 32.0.squareRoot())
    #expect(sample.tokens.first == "[CLS]" && sample.tokens.last == "[SEP]")
    #expect(sample.attribution.contains("Apache-2.0"))
  }

  @Test("In the coreference head, 'it' looks at 'animal'")
  func coreference() throws {
    let sample = try SampleLibrary.find("coreference")
    let it = try #require(sample.tokens.firstIndex(of: "it"))
    let animal = try #require(sample.tokens.firstIndex(of: "animal"))
    #expect(abs(attention(sample)[it][animal] - 0.6768479537882874) < 1e-6)
  }

  @Test(
    "The previous-word heads look one word back",
    arguments: [
      ("previous-word", 0.9998621335742434), ("notebook-previous-word", 0.9996044272908597),
    ])
  func previousWord(name: String, expected: Double) throws {
    let weights = attention(try SampleLibrary.find(name))
    let shares = (1..<weights.count).map { weights[$0][$0 - 1] }
    let mean = shares.reduce(0, +) / Double(shares.count)
    #expect(abs(mean - expected) < 1e-6)
  }

  @Test("The notebook head spreads its attention")
  func notebook() throws {
    let weights = attention(try SampleLibrary.find("notebook"))
    let mean = weights.reduce(0) { $0 + $1.max()! } / Double(weights.count)
    #expect(abs(mean - 0.07237630850859274) < 1e-6)
  }

  @Test("Every file of the folders that people write in is part of the program, byte for byte")
  func catalogue() throws {
    for folder in ["Samples", "Devices", "Kernels", "Lessons", "Published"] {
      let path = packageRoot.appending(path: folder)
      for file in try FileManager.default.subpathsOfDirectory(atPath: path.path)
      where file != "README.md" && file.contains(".") {
        let written = try [UInt8](Data(contentsOf: path.appending(path: file)))
        #expect(Shipped.bytes("\(folder)/\(file)") == written, "\(folder)/\(file)")
      }
    }
    #expect(Shipped.bytes("Lessons/README.md") == nil)
    #expect(SampleLibrary.names.count == Shipped.names(in: "Samples", suffix: "-q.npy").count)
    #expect(DeviceLibrary.names.first == "classroom")
  }

  @Test("An unknown sample gets a suggestion")
  func unknown() {
    #expect(
      message { () throws(FileError) in try SampleLibrary.find("corefrence") }
        .hasPrefix("unknown sample 'corefrence' (did you mean 'coreference'?); the samples are"))
  }
}
