// What the warp groups of a block, and the roles beside them, are called.

/// The names that a launch's text gives: `in 2 softmax groups`, `by correction`.
struct PartyNames: Sendable {
  /// What the warp groups that share a block's rows are called.
  var groups: String?
  /// The roles with warps of their own, in the order of the text.
  var roles: [String] = []
  /// Roles that a launch may have: with eight warp groups each has a stream of its own.
  static let mostRoles = 8

  /// A name for each warp group, and behind them for each role; empty if the text gives none.
  func names(groups count: Int) -> [String] {
    guard groups != nil || !roles.isEmpty else { return [] }
    return (0..<count).map { "\(groups ?? "group") \($0)" } + roles
  }
}
