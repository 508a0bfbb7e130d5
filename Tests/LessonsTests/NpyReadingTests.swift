// What NumPy writes, we read.
import Foundation
import Testing

@testable import Library

@Suite("Reading .npy files")
struct NpyReadingTests {
  /// The 3 × 4 array in most fixtures: 0 to 11, in eighths, less a half.
  private let expected = (0..<12).map { Double($0) / 8 - 0.5 }

  @Test(
    "Every version, byte order, width and index order gives the same numbers",
    arguments: [
      ("version1-float32", NpyType.float32), ("version2-float32", .float32),
      ("version3-float32", .float32), ("fortran-float32", .float32),
      ("big-endian-float32", .float32), ("float16", .float16), ("big-endian-float16", .float16),
      ("float64", .float64), ("fortran-big-endian-float64", .float64),
    ])
  func layouts(name: String, type: NpyType) throws {
    let array = try NpyArray(contentsOf: fixture(name + ".npy"))
    #expect(array.type == type)
    #expect(array.shape == [3, 4])
    #expect(array.doubles == expected)
    #expect(array.floats == expected.map { Float($0) })
    #expect(array.bytes == nil)
  }

  @Test("Masks come as bytes, and int8 keeps its sign")
  func masks() throws {
    let bool = try NpyArray(contentsOf: fixture("bool.npy"))
    let uint8 = try NpyArray(contentsOf: fixture("uint8.npy"))
    let int8 = try NpyArray(contentsOf: fixture("int8.npy"))
    #expect(bool.bytes == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    #expect(uint8.bytes == bool.bytes?.map { $0 * 7 })
    #expect(int8.floats == (-4..<8).map { Float($0) })
  }

  @Test("Fortran order of rank 4 is turned into C order")
  func fortranOfRankFour() throws {
    let array = try NpyArray(contentsOf: fixture("fortran-rank4-float32.npy"))
    #expect(array.shape == [2, 3, 2, 2])
    #expect(array.floats == (0..<24).map { Float($0) })
    let matrix = try array.matrix(path: "x.npy")
    #expect(matrix.planes == 6 && matrix.rows == 2 && matrix.columns == 2)
  }

  @Test("Scalars, vectors and empty arrays are arrays too")
  func smallShapes() throws {
    let scalar = try NpyArray(contentsOf: fixture("scalar-float64.npy"))
    #expect(scalar.shape == [] && scalar.doubles == [0.1])
    let vector = try NpyArray(contentsOf: fixture("vector-float32.npy"))
    #expect(vector.shape == [3] && vector.floats == [1.5, -2, .infinity])
    let empty = try NpyArray(contentsOf: fixture("empty-float32.npy"))
    #expect(empty.shape == [0, 32] && empty.floats.isEmpty)
    #expect(try empty.matrix(path: "x.npy").rows == 0)
  }

  @Test(
    "The header may be spelled in any way that Python reads",
    arguments: [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
      "{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}",
      "  { 'fortran_order' : False ,\n'shape' : [ 2 , 3 , ] , 'descr' : 'f4' }  \n",
      "{'descr': '=f4', 'fortran_order': False, 'shape': (2L, 3L)}",
    ])
  func spellings(header: String) throws {
    let array = try NpyArray(bytes: npy(header, data: 24), name: "q.npy")
    #expect(array.shape == [2, 3])
  }

  @Test("A shape without two extents is no matrix")
  func vectorIsNoMatrix() throws {
    let vector = NpyArray(shape: [3], floats: [1, 2, 3])
    #expect(
      message { () throws(FileError) in try vector.matrix(path: "q.npy") }
        == "q.npy: expected the shape [N, d], [H, N, d] or [B, H, N, d], found [3]")
  }
}
