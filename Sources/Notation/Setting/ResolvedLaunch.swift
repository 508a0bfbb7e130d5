// A launch for one setting: conditions on features are decided, so that only statements that run
// are left.

/// A launch reduced to the statements that run in one setting.
struct ResolvedLaunch {
  var text: LaunchText
  var body: [Statement]
  /// Its index among the launches of the text.
  var index: Int
  /// Whether `body` is the second one, for a problem of which not even one row fits in SRAM.
  var isOtherwise = false
}

extension KernelText {
  /// The launches that run in a setting, in order.
  func launches(for setting: Setting) -> [ResolvedLaunch] {
    launches.enumerated().compactMap { index, launch in
      guard launch.isBackward ? setting.hasBackward : setting.hasForward,
        launch.conditions.allSatisfy(setting.holds)
      else { return nil }
      return ResolvedLaunch(text: launch, body: launch.body.resolved(setting), index: index)
    }
  }
}

extension ResolvedLaunch {
  /// The launch with its second body, for where no row fits; nil without one.
  func fallbackBody(_ setting: Setting) -> ResolvedLaunch? {
    guard let body = text.fallbackBody else { return nil }
    var launch = self
    launch.body = body.resolved(setting)
    launch.isOtherwise = true
    return launch
  }

  /// Whether a block holds as many whole rows as fit in SRAM.
  var fitsRowsToSRAM: Bool { text.fitsRowsToSRAM && !isOtherwise }

  /// Whether it is an operation of a framework that multiplies no matrices, and so reaches less of the
  /// bandwidth.
  var isElementwiseOperation: Bool {
    text.isFrameworkOperation && !body.all.contains { $0.term?.hasProduct ?? false }
  }

  /// Whether its grid runs over the heads of K and V: it stores a tensor along keys.
  func isPerKeyValueHead(_ kernel: KernelText) -> Bool {
    body.all.contains { statement in
      guard case .store(let reference, _) = statement.kind,
        let tensor = kernel.declarations.first(where: { $0.name == reference.tensor })
      else { return false }
      return tensor.isPerKeyValueHead
    }
  }

  /// Whether a loop of it skips tiles that the mask hides.
  var skipsTiles: Bool {
    body.all.contains {
      if case .loop(_, _, let filter, _, _) = $0.kind { filter != .all } else { false }
    }
  }

  /// Whether its ops depend on the mask's coverage of tiles.
  var looksAtMask: Bool {
    skipsTiles
      || body.all.contains { $0.masksByTile }
  }

  /// How often the bias is loaded for each tile of scores: for `mask` and, with a softcap, for
  /// `slope`.
  func biasReads(hasSoftcap: Bool) -> Int {
    body.all.reduce(0) { count, statement in
      guard case .assign(_, let term, _) = statement.kind else { return count }
      return count + term.count("mask") + (hasSoftcap ? term.count("slope") : 0)
    }
  }
}

extension Declaration {
  /// Whether it runs along keys but not queries, as K and V do: it has one plane per K/V head.
  var isPerKeyValueHead: Bool {
    axes.contains { $0 == AxisName.keys || $0.hasPrefix(AxisName.keys + "/") }
      && !axes.contains(AxisName.queries)
  }
}

extension Term {
  var hasProduct: Bool {
    if case .product = self { true } else { parts.contains(where: \.hasProduct) }
  }

  /// How many calls of a function are in it.
  func count(_ function: String) -> Int {
    let inside = parts.reduce(0) { $0 + $1.count(function) }
    if case .call(function, _, _) = self { return inside + 1 }
    return inside
  }

  func calls(_ function: String) -> Bool { count(function) > 0 }
}

extension [Statement] {
  /// The statements that run in a setting. Conditions on features are replaced by their bodies, or
  /// dropped if they fail.
  fileprivate func resolved(_ setting: Setting) -> [Statement] {
    flatMap { statement -> [Statement] in
      var statement = statement
      switch statement.kind {
      case .when(let condition, let body) where condition.isDecidedBefore:
        return setting.holds(condition) ? body.resolved(setting) : []
      case .when(let condition, let body):
        statement.kind = .when(condition, body.resolved(setting))
      case .loop(let variable, let axis, let filter, let part, let body):
        statement.kind = .loop(
          variable, axis: axis, filter, part: part, body.resolved(setting))
      case .groups(let order, let body):
        statement.kind = .groups(order, body.resolved(setting))
      case .by(let role, let body): statement.kind = .by(role, body.resolved(setting))
      default: break
      }
      return [statement]
    }
  }
}
