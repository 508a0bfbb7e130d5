// Which lines of a kernel's text run in a setting.

extension KernelText {
  /// The numbers of the lines that run in a setting, headings included, in the order of the text.
  package func shownLines(_ setting: Setting, _ lowered: Lowered) -> [Int] {
    let lines = launches(for: setting).flatMap { launch in
      let other = lowered.fallsBack.contains(launch.index) ? launch.fallbackBody(setting) : nil
      return [launch.text.place.line] + (other ?? launch).body.all.map(\.line)
    }
    return Set(lines).sorted()
  }
}
