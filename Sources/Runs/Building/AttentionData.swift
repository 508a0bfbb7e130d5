// Reads Q, K and V from a sample or from files, and masks, biases and gradients from files.

import Kernels
import Library
import Machine

extension RunRequest {
  /// Reads the sample and the files that the request names.
  mutating func readAttention() throws {
    if let name = paths[.sample] {
      guard [RunOption.q, .v, .k].allSatisfy({ paths[$0] == nil }) else {
        throw Refusal.usage("--sample brings its own Q, K and V: leave out --q, --k and --v")
      }
      data = InputData(try SampleLibrary.find(name))
    } else if [RunOption.q, .k, .v].contains(where: { paths[$0] != nil }) {
      data = try givenInputs()
    }
    let sized = try sizedProblem()
    if let path = words[.mask], Mask.Rule(path, keys: sized.keys) == nil, isFile(path) {
      maskTable = try readMask(path, sized)
    }
    if let path = paths[.bias] {
      bias = try scoreMatrix(NpyArray(contentsOf: path, for: .bias), path, sized, what: "a bias")
    }
    if let path = paths[.dO], words[.pass] == "backward" || words[.pass] == "both" {
      gradient = try gradientFile(path, sized, leading: data?.leading ?? sized.leading)
    }
  }
}

// MARK: Files

extension RunRequest {
  private func givenInputs() throws -> InputData {
    let paths = [("--q", paths[.q]), ("--k", paths[.k]), ("--v", paths[.v])]
    let missing = paths.filter { $0.1 == nil }.map(\.0)
    guard missing.isEmpty else {
      throw Refusal.usage(
        "--q, --k and --v belong together: \(missing.joined(separator: " and ")) missing")
    }
    let arrays = try paths.map { try NpyArray(contentsOf: $0.1!, for: .numbers) }
    let shapes = try zip(arrays, paths).map { try ArrayShape($0, $1.1!) }
    let type: DataType = arrays.allSatisfy { $0.type == .float16 } ? .fp16 : .fp32
    let problem = try Self.problem(shapes, type)
    let matrices = try zip(arrays, paths).map { try $0.matrix(path: $1.1!) }
    let inputs = Dictionary(uniqueKeysWithValues: zip(["Q", "K", "V"], matrices))
    var data = InputData(.attention(problem), inputs: inputs)
    data.leading = Array(arrays[0].shape.dropLast(2))
    return data
  }

  /// Batch, heads, rows and columns of an array of two to four extents.
  private struct ArrayShape {
    var path: String
    var text: String
    var batch: Int
    var heads: Int
    var rows: Int
    var columns: Int

    init(_ array: NpyArray, _ path: String) throws {
      let matrix = try array.matrix(path: path)
      guard !matrix.values.isEmpty else {
        throw Refusal.badData("\(visible(path)): the shape \(array.shape) holds no element")
      }
      self.path = path
      text = "\(visible(path)) is \(array.shape)"
      batch = array.shape.count == 4 ? array.shape[0] : 1
      heads = array.shape.count >= 3 ? array.shape[array.shape.count - 3] : 1
      (rows, columns) = (matrix.rows, matrix.columns)
    }
  }

  private static func problem(_ shapes: [ArrayShape], _ type: DataType) throws -> AttentionProblem {
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    func disagree(_ a: ArrayShape, _ b: ArrayShape, _ what: String) -> Refusal {
      Refusal.badData("shapes disagree: \(a.text), \(b.text); \(what)")
    }
    guard q.columns == k.columns else {
      throw disagree(q, k, "Q and K must have the same columns d")
    }
    guard k.rows == v.rows else { throw disagree(k, v, "K and V must have the same rows Nk") }
    guard q.batch == k.batch, k.batch == v.batch else {
      throw disagree(q, q.batch == k.batch ? v : k, "all must have the same batch")
    }
    guard k.heads == v.heads else { throw disagree(k, v, "K and V must have the same heads") }
    guard q.heads.isMultiple(of: k.heads) else {
      throw disagree(q, k, "the heads of K must divide those of Q")
    }
    return AttentionProblem(
      queries: q.rows, keys: k.rows, d: q.columns, dv: v.columns, batch: q.batch, heads: q.heads,
      keyValueHeads: k.heads, type: type)
  }
}

// MARK: Masks and biases

/// True where the value of `mask` is a path, and not a misspelt mask rule.
private func isFile(_ mask: String) -> Bool {
  !mask.hasPrefix("padding:") && (mask.hasSuffix(".npy") || mask.contains("/"))
}

private func readMask(_ path: String, _ problem: AttentionProblem) throws -> Matrix {
  let array = try NpyArray(contentsOf: path, for: .mask)
  return try scoreMatrix(array, path, problem, what: "a mask")
}

/// A mask or a bias: an array of shape [N, Nk], [H, N, Nk] or [B, H, N, Nk].
private func scoreMatrix(
  _ array: NpyArray, _ path: String, _ problem: AttentionProblem, what: String
) throws -> Matrix {
  let (n, nk) = (problem.queries, problem.keys)
  let expected = [
    [n, nk], [problem.heads, n, nk], [problem.batch, problem.heads, n, nk],
  ]
  guard expected.contains(array.shape) else {
    let shapes = expected.map { "\($0)" }.joined(separator: ", ")
    throw Refusal.badData(
      "\(visible(path)): \(what) of shape \(array.shape), expected one of \(shapes)")
  }
  return try array.matrix(path: path)
}

/// The gradient of the output, dO; it must have the shape of O.
private func gradientFile(
  _ path: String, _ problem: AttentionProblem, leading: [Int]
) throws -> Matrix {
  let array = try NpyArray(contentsOf: path, for: .numbers)
  let (n, dv) = (problem.queries, problem.dv)
  let expected = [[n, dv], [problem.heads, n, dv], [problem.batch, problem.heads, n, dv]]
  let matrix = try array.matrix(path: path)
  guard expected.contains(array.shape), matrix.planes == problem.planes else {
    throw Refusal.badData(
      "\(visible(path)): dO of shape \(array.shape), expected that of O, \(leading + [n, dv])")
  }
  return matrix
}
