// Lowers a kernel's text to a program for one setting: its tensors and its launches.

import Machine

/// A launch with the shapes and labels of its tiles.
struct TypedLaunch {
  let launch: ResolvedLaunch
  let types: TileTypes
  let labels: Labels

  init(_ kernel: KernelText, _ launch: ResolvedLaunch) throws(Diagnostic) {
    self.launch = launch
    types = try TileTypes(kernel, launch)
    labels = Labels(kernel, launch, types)
  }

  /// Whether a formula has operands of different shapes, one of which is repeated to fit the other.
  var repeatsOperands: Bool {
    launch.body.all.contains { statement in
      guard case .assign(_, let term, _) = statement.kind else { return false }
      let shapes = term.names.compactMap { types.types[$0.name] }
      return shapes.contains { $0 != shapes[0] }
    }
  }
}

/// A text lowered for one setting.
package struct Lowered: Sendable {
  package var program: Program
  /// How many of the launches are the forward pass's; they come first.
  package var forwardLaunches: Int
  /// For each launch of the program, its index in the text.
  package var numbers: [Int]
  /// The launches, by index in the text, that run their second body: not even one row fits in SRAM.
  var fallsBack: Set<Int>
  var compiledLaunches: [CompiledLaunch]
  /// The launches that are element-wise operations of a framework, and whether one of their operands is
  /// repeated to fit another.
  package var operations: [Int: Bool] = [:]
  package var warnings: [Diagnostic]

  /// Blocks of all launches, and loop iterations of the block that has most.
  package var size: (blocks: Double, iterations: Double) {
    (
      compiledLaunches.reduce(0) { $0 + Double($1.blocks) },
      compiledLaunches.map(\.iterations).max() ?? 0
    )
  }

  /// Whether the footprint of some block may depend on the mask's coverage of its tiles. The
  /// footprint of a released kernel is fixed.
  package var maskMayChangeBlocks: Bool {
    zip(program.launches, compiledLaunches).contains { $0.footprint == nil && $1.looksAtMask }
  }
}

extension KernelText {
  /// Lowers the text for one setting.
  /// - Throws: `Diagnostic` for the first error in the text with this setting.
  package func lowered(for setting: Setting) throws(Diagnostic) -> Lowered {
    let resolved = launches(for: setting)
    let read = try resolved.map { launch throws(Diagnostic) in try TypedLaunch(self, launch) }
    var tensors = try tensors(for: setting, resolved)
    note(try roles(read, setting), in: &tensors)
    var lowered = Lowered(
      program: Program(
        tensors: tensors, launches: [], mask: setting.mask, stages: setting.stages,
        type: setting.type),
      forwardLaunches: resolved.count { !$0.text.isBackward }, numbers: resolved.map(\.index),
      fallsBack: [], compiledLaunches: [], warnings: [])
    let repeated = try repeatedProducts(setting)
    for launch in read {
      var compiler = Compiler(self, launch, setting, tensors: tensors, repeated: repeated)
      var compiledLaunch = try compiler.compiledLaunch()
      lowered.warnings += compiler.warnings
      if launch.launch.fitsRowsToSRAM, let variable = compiledLaunch.blockVariables.first {
        if let height = rowsThatFit(
          compiledLaunch, variable, launch.launch, lowered.program, setting)
        {
          compiledLaunch = compiledLaunch.with(tile: height, along: variable)
        } else if let other = launch.launch.fallbackBody(setting) {
          var compiler = Compiler(
            self, try TypedLaunch(self, other), setting, tensors: tensors, repeated: repeated)
          compiledLaunch = try compiler.compiledLaunch()
          lowered.fallsBack.insert(launch.launch.index)
        } else {
          compiledLaunch = compiledLaunch.with(tile: 1, along: variable)
        }
      }
      if launch.launch.isElementwiseOperation {
        lowered.operations[lowered.compiledLaunches.count] = launch.repeatsOperands
      }
      lowered.program.launches.append(compiledLaunch.launch(named: launch.launch.text.name))
      lowered.compiledLaunches.append(compiledLaunch)
    }
    return lowered
  }

  /// The rows of a tile, halved until whole rows fit in SRAM; nil if not even one does.
  private func rowsThatFit(
    _ compiledLaunch: CompiledLaunch, _ variable: Int, _ launch: ResolvedLaunch, _ program: Program,
    _ setting: Setting
  ) -> Int? {
    var rows = min(compiledLaunch.tileSizes[variable], compiledLaunch.extents[variable])
    while rows > 0 {
      let trial = compiledLaunch.with(tile: rows, along: variable)
      let block = program.block(
        0, of: trial.launch(named: launch.text.name), samplesLoops: true, keepsOps: false)
      if setting.device.fits(block.footprint(on: setting.device)) { return rows }
      rows /= 2
    }
    return nil
  }

  /// The signatures of the forward pass's products, which a backward pass may recompute.
  private func repeatedProducts(_ setting: Setting) throws(Diagnostic) -> Set<String> {
    guard setting.hasBackward else { return [] }
    var forward = setting
    forward.hasForward = true
    forward.hasBackward = false
    var result: Set<String> = []
    for launch in launches(for: forward) {
      result.formUnion(ProductSignature.all(in: launch, try TileTypes(self, launch)))
    }
    return result
  }

  // MARK: Softmax roles of tensors

  /// The softmax role of each tensor, by name, from the launches of both passes: a backward pass
  /// alone loads what the forward pass has stored.
  private func roles(
    _ read: [TypedLaunch], _ setting: Setting
  ) throws(Diagnostic) -> [String: TileRole] {
    var all = read
    if !setting.hasForward {
      var forward = setting
      (forward.hasForward, forward.hasBackward) = (true, false)
      for launch in launches(for: forward) { all.append(try TypedLaunch(self, launch)) }
    }
    var roles: [String: TileRole] = [:]
    for launch in all {
      for statement in launch.launch.body.all {
        switch statement.kind {
        case .load(let name, let reference, _, _):
          if let role = launch.labels.roles[name] { roles[reference.tensor] = role }
        case .store(let reference, .name(let name, _)):
          if let role = launch.labels.roles[name] { roles[reference.tensor] = role.inHBM }
        default: break
        }
      }
    }
    return roles
  }

  private func note(_ roles: [String: TileRole], in tensors: inout [Tensor]) {
    for index in tensors.indices { tensors[index].tileRole = roles[tensors[index].name] ?? .other }
  }

  // MARK: Tensors

  /// The tensors that a setting needs, in the order of the text; bias and mask table come after the
  /// first inputs.
  private func tensors(
    for setting: Setting, _ launches: [ResolvedLaunch]
  ) throws(Diagnostic) -> [Tensor] {
    var used: Set<String> = []
    for launch in launches {
      for body in [launch.body, launch.fallbackBody(setting)?.body ?? []] {
        used.formUnion(body.all.compactMap(\.tensor))
      }
    }
    var tensors: [Tensor] = []
    var hasOwn = false
    for declared in declarations {
      if !hasOwn, declared.role != .input {
        tensors += ownTensors(setting)
        hasOwn = true
      }
      guard setting.holds(declared.condition), isNeeded(declared, used, setting) else { continue }
      tensors.append(try tensor(declared, setting))
    }
    return hasOwn ? tensors : tensors + ownTensors(setting)
  }

  private func isNeeded(_ declared: Declaration, _ used: Set<String>, _ setting: Setting) -> Bool {
    if declared.isBackward {
      return setting.hasBackward && (used.contains(declared.name) || declared.role == .output)
    }
    if declared.role == .input { return true }
    if setting.hasForward, declared.role != .scratch { return true }
    return used.contains(declared.name)
  }

  /// The tensors that the problem brings and no text declares: bias and mask table.
  private func ownTensors(_ setting: Setting) -> [Tensor] {
    var result: [Tensor] = []
    func add(_ name: String, _ type: DataType, planes: Int) {
      var tensor = Tensor(
        name, planes: planes, rows: setting.mask.queries, columns: setting.mask.keys, type: type,
        role: .input, tileRows: setting.tile(AxisName.queries, isBackward: false),
        tileColumns: setting.tile(AxisName.keys, isBackward: false))
      (tensor.rowAxis, tensor.columnAxis) = (.queries, .keys)
      result.append(tensor)
    }
    if let planes = setting.biasPlanes { add("bias", setting.type, planes: planes) }
    if let planes = setting.maskPlanes { add("mask", .uint8, planes: planes) }
    return result
  }

  private func tensor(_ declared: Declaration, _ setting: Setting) throws(Diagnostic) -> Tensor {
    for axis in declared.axes where setting.sizes[axis] == nil {
      let known = setting.sizes.keys.sorted()
      throw Diagnostic(
        declared.place,
        "\(axis) is no axis: there are \(listed(known)), or a line “size \(axis) = 16” makes one"
          + suggestion(axis, among: known))
    }
    // The first of three axes is that of a stack: its matrices stand below each other.
    let axes = declared.axes.suffix(2)
    let (rows, columns) = (axes.first!, axes.count > 1 ? axes.last : nil)
    let stacked = declared.axes.count > 2 ? setting.sizes[declared.axes[0]] ?? 1 : 1
    let cut = { (axis: String) in
      isCut(axis) ? setting.tile(axis, isBackward: false) : setting.sizes[axis] ?? 1
    }
    let role: TensorRole =
      switch declared.role {
      case .input: .input
      case .kept: .statistic
      case .output: setting.hasForward || declared.isBackward ? .output : .input
      case .scratch: setting.hasForward || declared.isBackward ? .scratch : .input
      }
    var (height, tileRows) = (setting.sizes[rows] ?? 1, cut(rows))
    if stacked > 1, !height.isMultiple(of: tileRows) { tileRows = max(1, height) }
    // A tensor in pages has whole pages, the last of which may be filled in part.
    if declared.blockTable != nil { height = tileCount(height, tileRows) * tileRows }
    var tensor = Tensor(
      declared.name, planes: declared.isPerKeyValueHead ? setting.keyValuePlanes : setting.planes,
      rows: height * stacked, columns: columns.flatMap { setting.sizes[$0] } ?? 1,
      type: try type(of: declared, setting), role: role, tileRows: tileRows,
      tileColumns: columns.map(cut) ?? 1)
    tensor.rowAxis = stacked > 1 ? .other : Axis(named: rows)
    tensor.columnAxis = Axis(named: columns)
    (tensor.rowName, tensor.columnName) = (stacked > 1 ? "" : rows, columns ?? "")
    if declared.hasSeenTilesOnly {
      let tiles = (rows: tensor.tileRows, columns: tensor.tileColumns)
      tensor.storedElements = VisitedTiles(setting, tiles: tiles).area
    }
    return tensor
  }

  /// The format of a tensor: as declared; else fp32 with one axis; else the problem's, but fp16 for
  /// an output in fp8.
  private func type(of declared: Declaration, _ setting: Setting) throws(Diagnostic) -> DataType {
    if let name = declared.type {
      guard let type = DataType(rawValue: name) else {
        let names = DataType.allCases.map(\.rawValue)
        throw Diagnostic(
          declared.place,
          "\(name) is no format; there are \(listed(names))\(suggestion(name, among: names))")
      }
      return type
    }
    if declared.axes.filter({ !isUnit($0) }).count < 2 { return .fp32 }
    return declared.role == .output && setting.type == .fp8 ? .fp16 : setting.type
  }
}

extension CompiledLaunch {
  func launch(named name: String) -> Launch {
    var launch = Launch(name, blocks: blocks) { index, block in
      var walk = BlockRecorder(self, block: index)
      walk.record(&block)
    }
    launch.profile = { self.shape(of: $0) }
    return launch
  }
}
