// One run as expressions see it: its report, its events, its tiles at a cycle, and the exact values
// of those tiles by the direct formula.

import Kernels
import Machine
import RealModule
import Runs

/// A run with all values that expressions can name.
struct RunFigures: Sendable {
  let name: String
  let plan: Plan
  /// Nil for a timing-only run, which has a report but neither events nor tiles.
  let run: CompletedRun?
  let events: EventLines
  let report: FigureTree
  let device: FigureTree
  /// Names of tensors and of tiles on chip, sorted.
  let tileNames: [String]

  init(_ run: LessonRun) {
    (name, plan, device) = (run.name, run.plan, FigureTree(run.plan.device))
    var names = Set(plan.program.tensors.map(\.name))
    if case .recorded(let run) = run {
      for block in run.recording.blocks { names.formUnion(block.tiles.map(\.name)) }
    }
    tileNames = names.sorted()
    switch run {
    case .recorded(let run):
      self.run = run
      events = EventLines(run.recording)
      report =
        run.hasValues
        ? FigureTree(
          Report(plan, run.recording, ExactOutput(plan, inputs: run.inputs)))
        : FigureTree(plan, run.recording.totals, error: nil)
    case .timed(let run):
      self.run = nil
      events = EventLines(nil)
      report = FigureTree(plan, run.totals, error: nil)
    }
  }

  private var blocks: [Block] { run?.recording.blocks ?? [] }

  // MARK: Tiles

  /// The current values of a tile of the first head: those on chip, else those in HBM; nil where it
  /// holds none.
  func tile(_ name: TileName, in state: State, index: Int) -> ValueMatrix? {
    let onChip = state.sram.filter { key, _ in
      let info = blocks[key.block].tiles[key.tile]
      return TileName(info).isSame(as: name) && info.place.plane == 0
    }
    let newest = onChip.max { ($0.key.block, $0.key.tile) < ($1.key.block, $1.key.tile) }
    if let (key, values) = newest, !values.values.isEmpty {
      let place = blocks[key.block].tiles[key.tile].place
      return grid(values, place, name.name, index, tile: name)
    }
    guard let region = region(of: name), isFilled(region, state) else { return nil }
    return grid(state.tile(region), region, name.name, index, tile: name)
  }

  /// The part of a tensor that a tile covers by the kernel's tile sizes; nil where there is no such
  /// tile.
  private func region(of name: TileName) -> Region? {
    guard let index = plan.program.tensorIndex(name.name) else { return nil }
    let tensor = plan.program.tensors[index]
    guard name.row < tensor.gridRows, name.column ?? 0 < tensor.gridColumns else { return nil }
    return Region(
      tensor: index, plane: 0, rows: tileRange(name.row, of: tensor.rows, by: tensor.tileRows),
      columns: tileRange(name.column ?? 0, of: tensor.columns, by: tensor.tileColumns),
      tileRow: name.row, tileColumn: name.column)
  }

  private func isFilled(_ region: Region, _ state: State) -> Bool {
    let tensor = plan.program.tensors[region.tensor]
    let visits = state.transferCounts(
      region.tensor, plane: 0, tileRow: region.tileRow, tileColumn: region.tileColumn ?? 0)
    return !state.hbm.isEmpty && (tensor.role == .input || visits.writes > 0)
  }

  /// The current values of a whole tensor in HBM; nil for other names.
  func tensor(_ name: String, in state: State, index: Int) -> ValueMatrix? {
    guard let tensor = plan.program.tensorIndex(name), !state.hbm.isEmpty else { return nil }
    let shape = plan.program.tensors[tensor]
    let region = Region(
      tensor: tensor, plane: 0, rows: 0..<shape.rows, columns: 0..<shape.columns, tileRow: 0,
      tileColumn: nil)
    return grid(state.tile(region), region, name, index, tile: nil)
  }

  private func grid(
    _ values: TileValues, _ place: Region, _ name: String, _ index: Int, tile: TileName?
  ) -> ValueMatrix {
    ValueMatrix(
      rows: values.rows, columns: values.columns, values: values.values.map(Double.init),
      origin: ValueMatrix.Origin(
        run: index, name: name, plane: place.plane,
        rows: place.rows.lowerBound..<place.rows.lowerBound + values.rows,
        columns: (values.columns == 1 ? 0 : place.columns.lowerBound)..<(values.columns == 1
          ? 1 : place.columns.lowerBound + values.columns), tile: tile))
  }

  /// How often a tile was read from HBM and written to it so far.
  func visits(_ name: TileName, _ state: State) -> TileTransferCounts? {
    guard let region = region(of: name) else { return nil }
    return state.transferCounts(
      region.tensor, plane: 0, tileRow: region.tileRow, tileColumn: region.tileColumn ?? 0)
  }

  /// All tiles of the same tensor, in order.
  func tiles(like name: TileName) -> [TileName] {
    guard let index = plan.program.tensorIndex(name.name) else {
      return blocks.flatMap { block in
        block.tiles.filter { $0.name == name.name }.map(TileName.init)
      }
    }
    let tensor = plan.program.tensors[index]
    return (0..<tensor.gridRows).flatMap { row in
      (0..<tensor.gridColumns).map { column in
        TileName(name.name, row: row, column: name.column == nil ? nil : column)
      }
    }
  }

  // MARK: What is exact

  /// FLOPs of the exact values of a rectangle, roughly; counts against the evaluation budget.
  func exactWork(_ origin: ValueMatrix.Origin) -> Double {
    switch plan.problem {
    case .matmul(let p):
      return Double(origin.rows.count) * Double(origin.columns.count) * Double(p.k)
    case .attention(let p):
      let row = Double(p.keys) * Double(p.d + p.dv)
      let isGradient = ["dQ", "dK", "dV"].contains(origin.name)
      return isGradient
        ? 4 * Double(p.planes) * Double(p.queries) * row : Double(origin.rows.count) * row
    }
  }

  /// The exact values of the same rectangle; nil for tensors that the direct formula does not
  /// compute.
  func exact(_ origin: ValueMatrix.Origin) -> ValueMatrix? {
    let values =
      switch plan.problem {
      case .attention: attention(origin)
      case .matmul(let problem): product(origin, problem)
      }
    guard let values else { return nil }
    return ValueMatrix(rows: origin.rows.count, columns: origin.columns.count, values: values)
  }

  private func attention(_ origin: ValueMatrix.Origin) -> [Double]? {
    guard let reference = run?.reference else { return nil }
    if ["dQ", "dK", "dV"].contains(origin.name) { return gradient(origin, reference) }
    var values: [Double] = []
    for row in origin.rows {
      let exact = reference.row(plane: origin.plane, row: row)
      switch origin.name {
      case "O": values += exact.output[origin.columns]
      case "m": values.append(exact.m)
      case "l": values.append(exact.l)
      case "L": values.append(exact.logSumExp)
      case "S", "P":
        let logits = reference.logits(plane: origin.plane, row: row, columns: origin.columns)
        values += origin.name == "S" ? logits : logits.map { .exp($0 - exact.m) / exact.l }
      case "D":
        guard let dO = run?.inputs["dO"] else { return nil }
        values.append(
          exact.output.indices.reduce(0) {
            let gradient = reference.problem.type.round(dO[origin.plane, row, $1])
            return $0 + Double(gradient) * exact.output[$1]
          })
      default: return nil
      }
    }
    return values
  }

  /// Exact values of a rectangle of dQ, dK or dV. All three gradients are computed each time,
  /// because lessons rarely ask for them.
  private func gradient(_ origin: ValueMatrix.Origin, _ reference: Reference) -> [Double]? {
    guard let dO = run?.inputs["dO"] else { return nil }
    let gradients = reference.gradients(dO)
    let problem = reference.problem
    let (all, rows, width) =
      switch origin.name {
      case "dQ": (gradients.dQ, problem.queries, problem.d)
      case "dK": (gradients.dK, problem.keys, problem.d)
      default: (gradients.dV, problem.keys, problem.dv)
      }
    return origin.rows.flatMap { row in
      origin.columns.map { all[(origin.plane * rows + row) * width + $0] }
    }
  }

  private func product(_ origin: ValueMatrix.Origin, _ problem: MatmulProblem) -> [Double]? {
    guard origin.name == "C", let a = run?.inputs["A"], let b = run?.inputs["B"] else { return nil }
    return origin.rows.flatMap { row in
      origin.columns.map { column in
        (0..<problem.k).reduce(0.0) {
          $0 + Double(problem.type.round(a[0, row, $1]))
            * Double(problem.type.round(b[0, $1, column]))
        }
      }
    }
  }
}

extension TileName {
  /// Parses `K[2]`, or `K.0[2]` as in the events of a run with several heads.
  init?(ofFirstHead text: String) {
    guard let tile = TileName(text) else { return nil }
    self = tile
    if name.hasSuffix(".0") { name.removeLast(2) }
  }

  /// True for the same tile: without a column index it is column 0.
  func isSame(as other: TileName) -> Bool {
    name == other.name && row == other.row && (column ?? 0) == (other.column ?? 0)
  }
}
