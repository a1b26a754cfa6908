import Foundation
import KPICore

/// Writes one CSV file row by row (UTF-8, RFC 4180 quotes, LF) through a buffer of 64 KiB.
package final class CSVWriter {
    private static let limit = 65_536
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var rowIsEmpty = true

    /// Makes or replaces the file and writes its header.
    package init(folder: String, file: String, columns: [String]) throws {
        let address = URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent(file)
        try Data().write(to: address)
        handle = try FileHandle(forWritingTo: address)
        buffer.reserveCapacity(Self.limit + 4096)
        columns.forEach(text)
        try endRow()
    }

    /// A text, in quotes where it needs them.
    package func text(_ value: String) {
        separate()
        guard value.utf8.contains(where: Self.needsQuotes) else {
            buffer.append(contentsOf: value.utf8)
            return
        }
        let quote = UInt8(ascii: "\"")
        buffer.append(quote)
        for byte in value.utf8 {
            if byte == quote { buffer.append(quote) }
            buffer.append(byte)
        }
        buffer.append(quote)
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
    }

    func empty() { separate() }

    /// A prefix and the number of the row from 1, with leading zeros to `width`.
    func id(_ prefix: String, _ index: Int, width: Int) {
        separate()
        buffer.append(contentsOf: prefix.utf8)
        digits(index + 1, width: width)
    }

    /// A number of `places` decimals, given as a multiple of the last of them; may be negative.
    func decimal(_ value: Int, places: Int) {
        separate()
        if value < 0 { buffer.append(UInt8(ascii: "-")) }
        var unit = 1
        for _ in 0..<places { unit *= 10 }
        digits(abs(value) / unit, width: 1)
        guard places > 0 else { return }
        buffer.append(UInt8(ascii: "."))
        digits(abs(value) % unit, width: places)
    }

    /// A day since 1970 as `yyyy-mm-dd`; nothing for nil.
    func date(_ day: Int?) {
        separate()
        if let day { calendarDay(day) }
    }

    /// Seconds of the clock on the wall since 1970 as `yyyy-mm-dd hh:mm:ss`; nothing for nil.
    func time(_ second: Int?) {
        separate()
        guard let second else { return }
        calendarDay(second / secondsPerDay)
        let rest = second % secondsPerDay
        buffer.append(UInt8(ascii: " "))
        digits(rest / 3600, width: 2)
        buffer.append(UInt8(ascii: ":"))
        digits(rest / 60 % 60, width: 2)
        buffer.append(UInt8(ascii: ":"))
        digits(rest % 60, width: 2)
    }

    package func endRow() throws {
        buffer.append(UInt8(ascii: "\n"))
        rowIsEmpty = true
        if buffer.count >= Self.limit { try flush() }
    }

    package func close() throws {
        try flush()
        try handle.close()
    }

    private func flush() throws {
        try handle.write(contentsOf: Data(buffer))
        buffer.removeAll(keepingCapacity: true)
    }

    private func separate() {
        if !rowIsEmpty { buffer.append(UInt8(ascii: ",")) }
        rowIsEmpty = false
    }

    private func calendarDay(_ day: Int) {
        let (year, month, dayOfMonth) = CivilDate(day: day).components
        digits(year, width: 4)
        buffer.append(UInt8(ascii: "-"))
        digits(month, width: 2)
        buffer.append(UInt8(ascii: "-"))
        digits(dayOfMonth, width: 2)
    }

    private func digits(_ value: Int, width: Int) {
        var (power, length) = (1, 1)
        while length < width || value / power >= 10 {
            power *= 10
            length += 1
        }
        while power > 0 {
            buffer.append(UInt8(ascii: "0") + UInt8(value / power % 10))
            power /= 10
        }
    }
}
