// Damaged, foreign and lying .npy files: one clear message each, and never a crash.
import Foundation
import Testing

@testable import Library

@Suite("Refusing .npy files")
struct NpyFaultTests {
  private func refusal(_ bytes: [UInt8]) -> String {
    message { () throws(FileError) in try NpyArray(bytes: bytes, name: "q.npy") }
  }

  private func refusal(of name: String) -> String {
    let path = fixture(name)
    let text = message { () throws(FileError) in try NpyArray(contentsOf: path) }
    return text.replacing(path, with: name)
  }

  private func header(_ type: String = "'<f4'", shape: String = "(64, 32)") -> String {
    "{'descr': \(type), 'fortran_order': False, 'shape': \(shape), }"
  }

  @Test("A truncated file says how many bytes it promises")
  func truncated() {
    #expect(
      refusal(npy(header(), data: 8000))
        == "q.npy: header promises 64 × 32 float32 = 8,192 bytes of data, the file holds 8,000")
  }

  @Test("A file with more than it promises is refused as well")
  func tooLong() {
    #expect(
      refusal(npy(header(), data: 8200))
        == "q.npy: header promises 64 × 32 float32 = 8,192 bytes of data, the file holds 8,200: 8 too many"
    )
  }

  @Test("A foreign file is described by how it starts")
  func foreign() {
    #expect(refusal([]) == "q.npy: not an .npy file: it is empty")
    #expect(
      refusal(Array("\u{1B}[2J hello".utf8))
        == "q.npy: not an .npy file: it starts with '\\x1b[2J hel', expected '\\x93NUMPY'")
    #expect(
      refusal(of: "archive.npy")
        == "archive.npy: not an .npy file but a zip archive (.npz?); save each array with numpy.save"
    )
  }

  @Test("An unknown version is named beside the known ones")
  func version() {
    #expect(
      refusal(npy(header(), data: 8192, version: 9))
        == "q.npy: found .npy version 9.0, expected 1.0, 2.0 or 3.0")
  }

  @Test(
    "Types that cannot be used are named beside those that can",
    arguments: [
      ("'<i8'", "'<i8' (whole numbers)"), ("'<c8'", "'<c8' (complex numbers)"),
      ("'|O'", "'|O' (Python objects, which are never loaded)"), ("'<f16'", "'<f16'"),
      ("'|V2'", "'|V2' (raw bytes; bfloat16 arrays are stored so: save them as float32)"),
      ("'|V1'", "'|V1' (raw bytes; float8 arrays are stored so: save them as float32)"),
      ("'|V6'", "'|V6' (raw bytes)"), ("'<float32'", "'<float32'"), ("'float8'", "'float8'"),
    ])
  func types(type: String, found: String) {
    #expect(
      refusal(npy(header(type), data: 8192))
        == "q.npy: found elements of type \(found), expected float16, float32, float64, bool, uint8 or int8"
    )
  }

  @Test(
    "NumPy's own names for types are read", arguments: ["float32", "float64", "float16", "bool"])
  func names(type: String) throws {
    let bytes = NpyType(rawValue: type)!.bytes
    let array = try NpyArray(bytes: npy(header("'\(type)'"), data: 2048 * bytes), name: "q.npy")
    #expect(array.type.rawValue == type && array.count == 2048)
  }

  @Test("NumPy's own integer, object and structured arrays are refused")
  func numpyTypes() {
    #expect(refusal(of: "int64.npy").contains("found elements of type '<i8'"))
    #expect(refusal(of: "objects.npy").contains("never loaded"))
    #expect(refusal(of: "structured.npy").contains("found a structured array, expected float16"))
  }

  @Test(
    "A malformed header says what is wrong in it",
    arguments: [
      ("[1, 2]", "the header is no Python dictionary"),
      ("{'descr': '<f4'", "it ends where ',' or '}' should be"),
      ("{'descr': '<f4}", "a string is not closed"),
      ("{'descr': '<f4', 'shape': (2, 3)}", "the header lacks 'fortran_order'"),
      ("{'descr': '<f4', 'color': 1}", "not one of descr, fortran_order and shape"),
      ("{'descr': '<f4', 'descr': '<f4'}", "the header has 'descr' twice"),
      ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "expected True or False"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "expected a tuple"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "zero or more"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2.5,)}", "found '2.5'"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", "found 'x' where the end"),
      (String(repeating: "(", count: 5000), "nested too deeply"),
    ])
  func malformed(header: String, reason: String) {
    #expect(refusal(npy(header)).contains(reason))
  }

  @Test("Shapes beyond any memory are refused before a byte is allocated")
  func absurdShapes() {
    let huge = "(4611686018427387904, 4, 0)"
    #expect(refusal(npy(header(shape: huge))).contains("no file can hold the shape"))
    #expect(
      refusal(npy(header(shape: "(99999999999999999999,)"))).contains("is too large"))
    #expect(
      refusal(npy(header(shape: "(1000000000000,)"), data: 4))
        .contains("= 4,000,000,000,000 bytes of data, the file holds 4"))
  }

  @Test("A header longer than the file, or than sense, is refused")
  func headerLength() {
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8)
    #expect(
      refusal(start + [1, 0, 118, 0, 32])
        == "q.npy: the header should be 118 bytes long, the file holds 1")
    #expect(refusal(start + [2, 0, 0, 0, 0, 255]).contains("expected at most 65,535"))
    #expect(refusal(start + [1, 0]) == "q.npy: the file ends inside its header")
    #expect(refusal(start + [2, 0, 9, 0]) == "q.npy: the file ends inside its header")
  }

  @Test("No damage to one byte of the front crashes the reader")
  func everyByteDamaged() throws {
    let whole = [UInt8](try Data(contentsOf: URL(filePath: fixture("version2-float32.npy"))))
    for index in 0..<128 {
      for value: UInt8 in [0, 9, 39, 40, 45, 57, 125, 127, 255] {
        var bytes = whole
        bytes[index] = value
        _ = refusal(bytes)
      }
    }
    for count in 0..<whole.count { #expect(!refusal(Array(whole.prefix(count))).isEmpty) }
  }
}
