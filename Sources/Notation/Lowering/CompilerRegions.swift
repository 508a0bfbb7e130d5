// Compiles references to regions: which rows and columns of a tensor a statement is about.

import Machine

extension Compiler {
  /// The slot of the tile that names the rows of a reference; nil where its indices do.
  func rows(of reference: Reference) throws(Diagnostic) -> Slot? {
    try reference.gather.map { gather throws(Diagnostic) in
      try slot(reading: gather.name, at: reference.place)
    }
  }

  func region(_ reference: Reference, _ tensor: Int) throws(Diagnostic) -> RegionPattern {
    let full = types.completed(reference)
    let type = try types.type(of: full)
    let declared = try kernel.declaration(of: reference)
    var sides: [RegionPattern.Side] = []
    for (number, axis) in declared.axes.enumerated() {
      if number == 0, case .rows? = full.gather {
        sides.append(try side(type.rows, reference.place))
      } else if let index = full.indices.isEmpty ? nil : full.indices[number] {
        let variable = try variable(index, along: kernel.axisOfIndex(axis), reference.place)
        sides.append(
          kernel.isUnit(axis) ? .entry(variable: variable.index) : .tile(variable: variable.index))
      } else {
        sides.append(.whole(setting.sizes[axis] ?? 0))
      }
    }
    var stack: RegionPattern.Stack?
    if sides.count == 3, case .entry(let variable) = sides.removeFirst() {
      stack = RegionPattern.Stack(variable: variable, rows: setting.sizes[declared.axes[1]] ?? 0)
    }
    return RegionPattern(
      tensor: tensor, rows: sides[0], columns: sides.count > 1 ? sides[1] : .one,
      plane: declared.axes.contains(AxisName.queries)
        ? .head : declared.isPerKeyValueHead ? .keyValueHead : .launch,
      stack: stack,
      rowsPerNumber: full.gather.map { gather in
        if case .rows = gather { return 1 }
        return setting.tile(declared.axes[0], isBackward: launch.text.isBackward)
      })
  }

  /// The region of a tile that is on chip only.
  func place(of type: TileType, label: String, at place: SourcePosition) throws(Diagnostic)
    -> RegionPattern
  {
    RegionPattern(
      tensor: tensors.firstIndex { $0.name == label } ?? -1, rows: try side(type.rows, place),
      columns: try side(type.columns, place), plane: plane(of: type))
  }

  private func side(_ extent: Extent, _ place: SourcePosition) throws(Diagnostic)
    -> RegionPattern.Side
  {
    switch extent {
    case .one: return .one
    case .whole(let axis): return .whole(setting.sizes[axis] ?? 0)
    case .tile(let axis, let name):
      return .tile(variable: try variable(name, along: axis, place).index)
    }
  }

  /// The variable of that name, which must go along an axis.
  private func variable(
    _ name: String, along axis: String, _ place: SourcePosition
  ) throws(Diagnostic) -> Variable {
    guard let variable = scope[name] else {
      let fitting = scope.values.filter { kernel.goes($0.axis, along: axis) }.map(\.name).sorted()
      throw Diagnostic(
        place,
        "\(name) goes along nothing here"
          + (fitting.isEmpty
            ? "; expected “for each \(name) of \(axis)” around it"
            : "; did you mean \(listed(fitting, "or")), which goes along \(axis)?"))
    }
    guard kernel.goes(variable.axis, along: axis) else {
      throw Diagnostic(
        place, "\(name) goes along \(variable.axis), and this axis is \(axis)")
    }
    guard variable.axis == axis || setting.sizes[variable.axis] == setting.sizes[axis] else {
      throw Diagnostic(
        kernel.selfAttention ?? place,
        "in self-attention there are as many queries as keys; found \(setting.sizes[AxisName.queries] ?? 0) and \(setting.sizes[AxisName.keys] ?? 0)"
      )
    }
    return variable
  }

  private func plane(of type: TileType) -> RegionPattern.Plane {
    let axes = [type.rows.axis, type.columns.axis]
    if axes.contains(AxisName.queries) { return .head }
    return axes.contains(AxisName.keys) ? .keyValueHead : .launch
  }
}
