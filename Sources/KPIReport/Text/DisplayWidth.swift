/// How many columns of a terminal a text takes: 2 for wide and full-width characters and emoji,
/// 0 for combining marks and controls, 1 for the rest. O(length).
package func displayWidth(_ text: String) -> Int {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
    return text.reduce(0) { $0 + width(of: $1) }
}

/// A character is as wide as its widest scalar; what a variation selector makes an emoji is wide.
private func width(of character: Character) -> Int {
    var widest = 0
    for scalar in character.unicodeScalars {
        if scalar == "\u{FE0F}" { return 2 }
        widest = max(widest, width(of: scalar))
    }
    return widest
}

private func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator:
        return 0
    default: break
    }
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return scalar.properties.isEmojiPresentation || isWide(scalar.value) ? 2 : 1
}

/// East Asian Width W or F.
private func isWide(_ value: UInt32) -> Bool {
    guard value >= wideRanges[0].lowerBound else { return false }
    return wideRanges.contains { $0.contains(value) }
}

private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF,
    0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
    0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF,
    0x1F200...0x1F265, 0x20000...0x3FFFD,
]

extension String {
    /// With spaces to `width` columns; unchanged when it is wider.
    func padded(to width: Int, _ alignment: TextTable.Alignment) -> String {
        let spaces = String(repeating: " ", count: max(0, width - displayWidth(self)))
        return alignment == .left ? self + spaces : spaces + self
    }

    /// Cut to at most `width` columns, with `…` where something was left out.
    func cut(to width: Int) -> String {
        if displayWidth(self) <= width { return self }
        guard width > 0 else { return "" }
        var result = ""
        var used = 1
        for character in self {
            used += KPIReport.displayWidth(String(character))
            if used > width { break }
            result.append(character)
        }
        return result + "…"
    }

    /// In one line and without controls, so that data cannot move the terminal's cursor.
    var oneLine: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isControl =
                scalar.properties.generalCategory == .control || scalar == "\u{2028}"
                || scalar == "\u{2029}"
            result.append(isControl ? " " : scalar)
        }
        return String(result)
    }
}
