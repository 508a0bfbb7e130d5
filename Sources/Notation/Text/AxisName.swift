// The names of the two sequence axes that every attention kernel has.

/// The sequence axes, as a kernel's text names them.
enum AxisName {
  /// The query axis: rows of Q and O.
  static let queries = "N"
  /// The key axis: rows of K and V.
  static let keys = "Nk"
}
