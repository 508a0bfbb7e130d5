// Q, K and V from a sample, from files, or from a seed; and the problem that their shapes imply.

import Kernels
import Lessons
import Machine

struct AttentionData {
  var problem: AttentionProblem
  /// nil: to be made from the seed.
  var inputs: [String: Matrix]?
  var tokens: [String] = []
  var leading: [Int] = []

  init(_ options: RunOptions) throws {
    let given = options.problem
    if let name = options.data.sample {
      let sample = try SampleLibrary.find(name)
      problem = AttentionProblem(
        queries: sample.q.rows, keys: sample.k.rows, d: sample.q.columns, dv: sample.v.columns,
        scale: sample.scale)
      inputs = ["Q": sample.q, "K": sample.k, "V": sample.v]
      tokens = sample.tokens
      try Self.checkUnchanged(problem, given, "--sample \(name)")
    } else if options.data.q != nil || options.data.v != nil || given.k != nil {
      (problem, inputs, leading) = try Self.fromFiles(options)
      try Self.checkUnchanged(problem, given, "the files")
    } else {
      problem = try Self.fromSizes(given)
      leading = problem.batch > 1 ? [problem.batch, problem.heads] : [problem.heads]
      if problem.planes == 1 { leading = [] }
    }
    if let type = try dataType(given.dtype) { problem.type = type }
    try refine(given)
    try setPass(given)
    try setGradient(options)
  }

  private static func fromSizes(_ given: ProblemOptions) throws -> AttentionProblem {
    let heads = try positive(given.heads ?? 1, "--heads")
    let keyValueHeads = try positive(given.kvHeads ?? heads, "--kv-heads")
    guard heads.isMultiple(of: keyValueHeads) else {
      throw Failure.usage(
        "--kv-heads \(keyValueHeads): expected a divisor of the \(heads) query heads")
    }
    let n = try positive(given.n ?? 64, "--n")
    let d = try positive(given.d ?? 8, "--d")
    return AttentionProblem(
      queries: n, keys: try positive(given.kv ?? n, "--kv"), d: d,
      dv: try positive(given.dv ?? d, "--dv"), batch: try positive(given.batch ?? 1, "--batch"),
      heads: heads, keyValueHeads: keyValueHeads)
  }

  /// Sizes that the data already fixes may be repeated, not changed.
  private static func checkUnchanged(
    _ problem: AttentionProblem, _ given: ProblemOptions, _ origin: String
  ) throws {
    let sizes = [
      ("--n", given.n, problem.queries), ("--kv", given.kv, problem.keys),
      ("--d", given.d, problem.d), ("--dv", given.dv, problem.dv),
      ("--batch", given.batch, problem.batch), ("--heads", given.heads, problem.heads),
      ("--kv-heads", given.kvHeads, problem.keyValueHeads),
    ]
    for (name, wanted, actual) in sizes {
      guard let wanted, wanted != actual else { continue }
      throw Failure.usage(
        "\(name) \(wanted): \(origin) say\(origin.hasSuffix("s") ? "" : "s") \(actual)")
    }
  }

  /// Scale, softcap, mask and bias, whatever the data's origin.
  private mutating func refine(_ given: ProblemOptions) throws {
    if let scale = given.scale {
      guard scale.isFinite else {
        throw Failure.usage("--scale \(scale): expected a finite number")
      }
      problem.scale = scale
    }
    if let cap = given.softcap {
      guard cap.isFinite, cap > 0 else {
        throw Failure.usage("--softcap \(cap): expected a number above 0")
      }
      problem.softcap = cap
    }
    if let mask = given.mask { problem.maskRule = try maskRule(mask, problem) }
    if let path = given.bias {
      let array = try NpyArray(contentsOf: path)
      problem.bias = try scoreMatrix(array, path, problem, what: "a bias")
    }
  }
}

// MARK: Files

extension AttentionData {
  private static func fromFiles(
    _ options: RunOptions
  ) throws -> (AttentionProblem, [String: Matrix], [Int]) {
    let paths = [("--q", options.data.q), ("--k", options.problem.k), ("--v", options.data.v)]
    let missing = paths.filter { $0.1 == nil }.map(\.0)
    guard missing.isEmpty else {
      throw Failure.usage(
        "--q, --k and --v belong together: \(missing.joined(separator: " and ")) missing")
    }
    let arrays = try paths.map { try NpyArray(contentsOf: $0.1!) }
    let shapes = try zip(arrays, paths).map { try Shape($0, $1.1!) }
    let type: DataType = arrays.allSatisfy { $0.type == .float16 } ? .fp16 : .fp32
    let problem = try problem(shapes, type)
    let matrices = try zip(arrays, paths).map { try $0.matrix(path: $1.1!) }
    let inputs = Dictionary(uniqueKeysWithValues: zip(["Q", "K", "V"], matrices))
    return (problem, inputs, Array(arrays[0].shape.dropLast(2)))
  }

  /// Batch, heads, rows and columns of a file, whatever its rank.
  private struct Shape {
    var path: String
    var text: String
    var batch: Int
    var heads: Int
    var rows: Int
    var columns: Int

    init(_ array: NpyArray, _ path: String) throws {
      let matrix = try array.matrix(path: path)
      guard !matrix.values.isEmpty else {
        throw Failure.badData("\(visible(path)): the shape \(array.shape) holds no element")
      }
      guard array.bytes == nil else {
        throw Failure.badData(
          "\(visible(path)): expected floating-point numbers, found \(array.type.rawValue)")
      }
      self.path = path
      text = "\(visible(path)) is \(array.shape)"
      batch = array.shape.count == 4 ? array.shape[0] : 1
      heads = array.shape.count >= 3 ? array.shape[array.shape.count - 3] : 1
      (rows, columns) = (matrix.rows, matrix.columns)
    }
  }

  private static func problem(_ shapes: [Shape], _ type: DataType) throws -> AttentionProblem {
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    func disagree(_ a: Shape, _ b: Shape, _ what: String) -> Failure {
      Failure.badData("shapes disagree: \(a.text), \(b.text); \(what)")
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

/// A mask by its rule or its file.
private func maskRule(_ text: String, _ problem: AttentionProblem) throws -> Mask.Rule {
  if let rule = Mask.Rule(text, keys: problem.keys) { return rule }
  if text.hasPrefix("padding:") {
    throw Failure.usage(
      "--mask \(visible(text)): expected padding:LEN with LEN from 0 to \(problem.keys) keys")
  }
  guard text.hasSuffix(".npy") || text.contains("/") else {
    let names = Mask.Rule.names
    let guess = nearest(text, in: names).map { " (did you mean \($0)?)" } ?? ""
    throw Failure.usage(
      "--mask \(visible(text))\(guess): expected \(names.joined(separator: ", ")) or a .npy file")
  }
  let array = try NpyArray(contentsOf: text)
  guard array.bytes != nil else {
    throw Failure.badData(
      "\(visible(text)): expected a mask of bool or uint8, found \(array.type.rawValue)")
  }
  return .table(try scoreMatrix(array, text, problem, what: "a mask"))
}

/// An array of the shape of the scores, with leading heads or without.
private func scoreMatrix(
  _ array: NpyArray, _ path: String, _ problem: AttentionProblem, what: String
) throws -> Matrix {
  let (n, nk) = (problem.queries, problem.keys)
  let expected = [
    [n, nk], [problem.heads, n, nk], [problem.batch, problem.heads, n, nk],
  ]
  guard expected.contains(array.shape) else {
    let shapes = expected.map { "\($0)" }.joined(separator: ", ")
    throw Failure.badData(
      "\(visible(path)): \(what) of shape \(array.shape), expected one of \(shapes)")
  }
  return try array.matrix(path: path)
}
