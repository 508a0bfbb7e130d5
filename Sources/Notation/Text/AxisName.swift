// The axes that every text of attention knows.

/// Names of axes.
enum AxisName {
  /// Along the queries.
  static let queries = "N"
  /// Along the keys.
  static let keys = "Nk"
}
