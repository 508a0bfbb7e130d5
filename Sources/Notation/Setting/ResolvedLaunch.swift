// A launch for one setting: conditions on the problem are decided, so that only what runs is left.

import Machine

/// A launch of which only the statements are left that run.
struct ResolvedLaunch {
  var text: LaunchText
  var body: [Statement]
  /// The place in the text's list of launches.
  var index: Int
  /// The second body, for where no row fits.
  var isOtherwise = false
}

extension KernelText {
  /// The launches of a setting, in order.
  func launches(for setting: Setting) -> [ResolvedLaunch] {
    launches.enumerated().compactMap { index, launch in
      guard launch.isBackward ? setting.hasBackward : setting.hasForward,
        setting.holds(launch.condition)
      else { return nil }
      return ResolvedLaunch(text: launch, body: launch.body.resolved(setting), index: index)
    }
  }
}

extension ResolvedLaunch {
  /// The same launch where no row fits; nil without a second body.
  func otherwise(_ setting: Setting) -> ResolvedLaunch? {
    guard let body = text.otherwise else { return nil }
    var launch = self
    launch.body = body.resolved(setting)
    launch.isOtherwise = true
    return launch
  }

  /// Whole rows, as many as fit.
  var takesRowsThatFit: Bool { text.takesRowsThatFit && !isOtherwise }

  /// Its heads are those of K and V: it stores what those have.
  func isKeyed(_ kernel: KernelText) -> Bool {
    body.all.contains { statement in
      guard case .store(let reference, _) = statement.kind,
        let tensor = kernel.declarations.first(where: { $0.name == reference.tensor })
      else { return false }
      return tensor.isKeyed
    }
  }

  /// It goes only where the mask lets it.
  var skipsTiles: Bool {
    body.all.contains {
      if case .loop(_, _, let sight, _) = $0.kind { sight != .all } else { false }
    }
  }

  /// What it does depends on what the mask leaves of a tile.
  var looksAtMask: Bool {
    skipsTiles
      || body.all.contains { $0.masksByTile }
  }

  /// How often the bias is read with each tile: by `mask` and by `slope`.
  func biasReads(hasSoftcap: Bool) -> Int {
    body.all.reduce(0) { count, statement in
      guard case .assign(_, let term, _) = statement.kind else { return count }
      return count + term.count("mask") + (hasSoftcap ? term.count("slope") : 0)
    }
  }
}

extension Declaration {
  /// A row for each key, and a plane for each head of K and V.
  var isKeyed: Bool { axes.contains(AxisName.keys) && !axes.contains(AxisName.queries) }
}

extension Term {
  func count(_ function: String) -> Int {
    let inside = parts.reduce(0) { $0 + $1.count(function) }
    if case .call(function, _, _) = self { return inside + 1 }
    return inside
  }

  func calls(_ function: String) -> Bool { count(function) > 0 }
}

extension [Statement] {
  /// Without the statements whose condition does not hold, and without the conditions of the others.
  fileprivate func resolved(_ setting: Setting) -> [Statement] {
    flatMap { statement -> [Statement] in
      var statement = statement
      switch statement.kind {
      case .when(.features(let features, let isThere), let body):
        let holds = setting.holds(.features(features, isThere: isThere))
        return holds ? body.resolved(setting) : []
      case .when(let condition, let body):
        statement.kind = .when(condition, body.resolved(setting))
      case .loop(let variable, let axis, let sight, let body):
        statement.kind = .loop(variable, axis: axis, sight, body.resolved(setting))
      case .groups(let inTurn, let body):
        statement.kind = .groups(inTurn: inTurn, body.resolved(setting))
      default: break
      }
      return [statement]
    }
  }
}
