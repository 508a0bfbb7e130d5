// Where the tensors of an attention problem lie, and the tiles they are cut into: Q, O and the
// statistics into row blocks of Br, K and V into row blocks of Bc, S and P into tiles of Br × Bc.

import Machine

/// The tensors of one attention program.
struct Layout: Sendable {
  private(set) var problem: AttentionProblem
  private(set) var mapping: Mapping
  let mask: Mask
  private(set) var tensors: [Tensor] = []
  /// Whether products run beside what a warp group does next, if the kernel asks for that.
  var hasAsynchronousProducts = true

  /// ⌈N / Br⌉ and ⌈Nk / Bc⌉.
  var rowBlocks: Int { tileCount(problem.queries, mapping.rows) }
  var columnBlocks: Int { tileCount(problem.keys, mapping.columns) }

  init(_ problem: AttentionProblem, _ mapping: Mapping) {
    self.problem = problem
    self.mapping = mapping
    mask = problem.mask
    add("Q", rows: problem.queries, columns: problem.d, role: .input)
    add("K", rows: problem.keys, columns: problem.d, role: .input)
    add("V", rows: problem.keys, columns: problem.dv, role: .input)
    if let bias = problem.bias { addScores("bias", problem.type, .input, planes: bias.planes) }
    if case .table(let table) = problem.maskRule {
      addScores("mask", .uint8, .input, planes: table.planes)
    }
  }

  /// The same tensors in the tiles of the backward pass.
  var goingBackward: Layout {
    var layout = self
    layout.mapping = mapping.goingBackward
    return layout
  }

  mutating func add(
    _ name: String, rows: Int, columns: Int, role: TensorRole, type: DataType? = nil,
    isKeyed: Bool? = nil
  ) {
    let isKeyed = isKeyed ?? AttentionProblem.isKeyed(name)
    tensors.append(
      Tensor(
        name, planes: isKeyed ? problem.keyValuePlanes : problem.planes, rows: rows,
        columns: columns, type: type ?? problem.type, role: role,
        tileRows: isKeyed ? mapping.columns : mapping.rows, tileColumns: columns))
  }

  /// A contiguous copy of a tensor, which a framework makes for its library.
  mutating func addCopy(of name: String) {
    add(
      Self.copyName(name), rows: tensors[index(name)].rows, columns: tensors[index(name)].columns,
      role: .scratch, isKeyed: AttentionProblem.isKeyed(name))
  }

  private static func copyName(_ name: String) -> String { name + "c" }

  /// The same place in the copy.
  func copied(_ place: Region, of name: String) -> Region {
    var copy = place
    copy.tensor = index(Self.copyName(name))
    return copy
  }

  /// The same problem, whose scores are scaled elsewhere.
  var withScaleOne: Layout {
    var layout = self
    layout.problem.scale = 1
    return layout
  }

  /// What a forward pass leaves, and a backward pass alone finds.
  private var resultRole: TensorRole { problem.hasForward ? .output : .input }

  /// O: N × dv.
  mutating func addOutput() {
    // Eight bits are too few for a result.
    add(
      "O", rows: problem.queries, columns: problem.dv, role: resultRole,
      type: problem.type == .fp8 ? .fp16 : nil)
  }

  /// A value per query, fp32, that the forward pass writes: m, l or L.
  mutating func addResult(_ name: String) {
    add(name, rows: problem.queries, columns: 1, role: resultRole, type: .fp32)
  }

  /// dO, and what comes of it: dQ, dK and dV.
  mutating func addGradients() {
    add("dO", rows: problem.queries, columns: problem.dv, role: .input)
    add("dQ", rows: problem.queries, columns: problem.d, role: .output)
    add("dK", rows: problem.keys, columns: problem.d, role: .output)
    add("dV", rows: problem.keys, columns: problem.dv, role: .output)
  }

  /// A value per query, fp32.
  mutating func addStatistic(_ name: String, role: TensorRole) {
    add(name, rows: problem.queries, columns: 1, role: role, type: .fp32)
  }

  /// An N × Nk matrix.
  mutating func addScores(
    _ name: String, _ type: DataType, _ role: TensorRole, planes: Int? = nil
  ) {
    tensors.append(
      Tensor(
        name, planes: planes ?? problem.planes, rows: problem.queries, columns: problem.keys,
        type: type, role: role, tileRows: mapping.rows, tileColumns: mapping.columns))
  }

  func program(_ launches: [Launch]) -> Program {
    Program(
      tensors: tensors, launches: launches, mask: mask, stages: mapping.stages,
      type: problem.type)
  }

  // MARK: Tiles

  /// Row block `i` of Q, O, m, l or L.
  func rows(_ name: String, _ plane: Int, _ i: Int) -> Region {
    rowBlock(name, plane, i, by: mapping.rows)
  }

  /// Row block `j` of the K or V that plane `plane` of Q uses.
  func keys(_ name: String, _ plane: Int, _ j: Int) -> Region {
    columns(name, problem.keyValuePlane(plane), j)
  }

  /// Row block `j` of plane `plane` of K, V, dK or dV.
  func columns(_ name: String, _ plane: Int, _ j: Int) -> Region {
    rowBlock(name, plane, j, by: mapping.columns)
  }

  private func rowBlock(_ name: String, _ plane: Int, _ index: Int, by tile: Int) -> Region {
    let tensor = self.index(name)
    return Region(
      tensor: tensor, plane: plane, rows: tileRange(index, of: tensors[tensor].rows, by: tile),
      columns: 0..<tensors[tensor].columns, tileRow: index, tileColumn: nil)
  }

  /// Tile (i, j) of an N × Nk matrix; one that is not in HBM is named all the same.
  func tile(_ name: String, _ plane: Int, _ i: Int, _ j: Int) -> Region {
    let tensor = tensors.firstIndex { $0.name == name }
    let planes = tensor.map { tensors[$0].planes } ?? problem.planes
    return Region(
      tensor: tensor ?? -1,
      plane: planes == problem.planes
        ? plane : headPlane(plane, of: planes, heads: problem.heads),
      rows: tileRange(i, of: problem.queries, by: mapping.rows),
      columns: tileRange(j, of: problem.keys, by: mapping.columns), tileRow: i, tileColumn: j)
  }

  func index(_ name: String) -> Int { tensors.firstIndex { $0.name == name }! }

  func coverage(_ plane: Int, _ i: Int, _ j: Int) -> Coverage {
    mask.coverage(
      plane: plane, rows: tileRange(i, of: problem.queries, by: mapping.rows),
      columns: tileRange(j, of: problem.keys, by: mapping.columns))
  }

  var hasMaskTable: Bool {
    if case .table = problem.maskRule { return true }
    return false
  }

  /// Of a tile at which nobody has looked.
  var coverageOfAll: Coverage { problem.maskRule == .none ? .all : .some }

  /// What a tile's cost depends on: how much of it is visible, and its size.
  func kind(_ plane: Int, _ i: Int, _ j: Int) -> TileKind {
    TileKind(
      coverage: coverage(plane, i, j),
      rows: tileRange(i, of: problem.queries, by: mapping.rows).count,
      columns: tileRange(j, of: problem.keys, by: mapping.columns).count)
  }

  /// A number that row blocks share which differ in nothing but the places they name.
  func rowShape(_ plane: Int, _ i: Int) -> Int {
    switch problem.maskRule {
    case .none, .padding: isShort(row: i) ? 1 : 0
    case .table(let table) where table.planes > 1: plane * rowBlocks + i
    default: i
    }
  }

  /// The same for the parts into which a head's rows are split, of which each has every nth.
  func splitShape(_ split: Int) -> Int {
    guard problem.maskRule == .none else { return split }
    let isLonger = split < rowBlocks % mapping.splits
    let hasShort = isShort(row: rowBlocks - 1) && (rowBlocks - 1) % mapping.splits == split
    return (isLonger ? 1 : 0) + (hasShort ? 2 : 0)
  }

  /// The same for heads.
  func headShape(_ plane: Int) -> Int {
    if case .table(let table) = problem.maskRule, table.planes > 1 { return plane }
    return 0
  }

  /// The same for column blocks.
  func columnShape(_ plane: Int, _ j: Int) -> Int {
    switch problem.maskRule {
    case .none: isShort(column: j) ? 1 : 0
    case .table(let table) where table.planes > 1: plane * columnBlocks + j
    default: j
    }
  }

  /// The same for tiles.
  func tileShape(_ plane: Int, _ i: Int, _ j: Int) -> Int {
    let kind = kind(plane, i, j)
    let coverage = kind.coverage == .all ? 0 : kind.coverage == .some ? 1 : 2
    return coverage * 4 + cornerShape(i * columnBlocks + j)
  }

  /// The same for tiles of a matrix in which nothing is masked: which edges a tile lies on.
  func cornerShape(_ tile: Int) -> Int {
    let (i, j) = tile.quotientAndRemainder(dividingBy: columnBlocks)
    return (isShort(row: i) ? 1 : 0) + (isShort(column: j) ? 2 : 0)
  }

  /// The last row block, or column block, may have less in it than the others.
  func isShort(row i: Int) -> Bool {
    i == rowBlocks - 1 && !problem.queries.isMultiple(of: mapping.rows)
  }

  func isShort(column j: Int) -> Bool {
    j == columnBlocks - 1 && !problem.keys.isMultiple(of: mapping.columns)
  }

  /// The column blocks of which row block `i` sees something.
  func visibleColumns(_ plane: Int, _ i: Int) -> [Int] {
    mask.columns(ofRowBlock: i, tiles: (mapping.rows, mapping.columns)).map { Array($0.some) }
      ?? (0..<columnBlocks).filter { coverage(plane, i, $0) != .none }
  }

  /// The heads that share plane `plane` of K and V, each with the row blocks that see something of
  /// column block `j`.
  func visits(ofKeyValuePlane plane: Int, _ j: Int) -> [(head: Int, i: Int)] {
    problem.group(ofKeyValuePlane: plane).flatMap { head in
      visibleRows(head, j).map { (head, $0) }
    }
  }

  /// The row blocks that see something of column block `j`.
  func visibleRows(_ plane: Int, _ j: Int) -> [Int] {
    mask.rows(ofColumnBlock: j, tiles: (mapping.rows, mapping.columns)).map { Array($0.some) }
      ?? (0..<rowBlocks).filter { coverage(plane, $0, j) != .none }
  }
}

/// What a tile's cost depends on.
struct TileKind: Equatable {
  var coverage: Coverage
  var rows: Int
  var columns: Int
}
