import Glibc
import KPICore
import KPIModel

/// A text file made ready for the engine: unpacked, in UTF-8, with the line of every record known.
struct TextFile {
    /// What the engine reads: the file itself, or a copy in UTF-8.
    let readablePath: String
    let isCopy: Bool
    /// Of the first record, as text.
    let firstRecord: String
    /// Where each record begins, without blank lines; nil when record i is line i + 1.
    let records: [RecordStart]?
    let lineCount: Int

    struct RecordStart {
        let offset: Int
        let line: Int
    }

    /// The 1-based line of the n-th record (0-based), of those not rejected by the engine.
    func line(ofRecord index: Int) -> Int {
        guard let records else { return index + 1 }
        return records.indices.contains(index) ? records[index].line : index + 1
    }

    /// The 1-based line that holds a byte of the readable file.
    func line(atOffset offset: Int) -> Int {
        guard let records else { return 0 }
        var (low, high) = (0, records.count)
        while low < high {
            let middle = (low + high) / 2
            if records[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 1 : records[low - 1].line
    }

    /// - Parameters:
    ///   - copyPath: where a copy goes, when one is needed.
    ///   - quoted: whether a quote hides line breaks, as in CSV.
    static func prepare(
        _ path: String, encoding: TextEncoding, copyPath: String, quoted: Bool
    ) throws(Diagnostics) -> TextFile {
        let name = fileName(path)
        guard let reader = ByteReader(path) else {
            throw Diagnostics(.unreadable(file: name, reason: String(cString: strerror(errno))))
        }
        guard let transcoder = Transcoder(encoding) else {
            throw Diagnostics(
                .unreadable(file: name, reason: "this system does not know \(encoding.rawValue)"))
        }
        let needsCopy = encoding != .utf8 || ByteReader.isPacked(path)
        let copy = needsCopy ? fopen(copyPath, "wb") : nil
        if needsCopy, copy == nil {
            throw Diagnostics(.unreadable(file: name, reason: "cannot write \(copyPath)"))
        }
        defer { copy.map { _ = fclose($0) } }
        var scanner = RecordScanner(isQuoted: quoted)
        while true {
            guard let chunk = reader.next() else {
                throw Diagnostics(
                    .unreadable(file: name, reason: "the packed data is damaged or cut off"))
            }
            let text: [UInt8]
            do throws(Transcoder.Invalid) {
                text = try transcoder.convert(chunk, isLast: chunk.isEmpty)
            } catch {
                let hint =
                    encoding == .utf8
                    ? "; if it is no UTF-8, state ‘encoding: gb18030’ or ‘encoding: cp1252’" : ""
                throw Diagnostics(
                    .badRow(
                        file: name, line: scanner.lines + error.linesBefore + 1,
                        reason: "byte \(error.offset) is not \(encoding.rawValue)\(hint)"))
            }
            if chunk.isEmpty, text.isEmpty { break }
            scanner.scan(text)
            if let copy, fwrite(text, 1, text.count, copy) != text.count {
                throw Diagnostics(.unreadable(file: name, reason: "the disk is full"))
            }
        }
        scanner.finish()
        if scanner.isInsideQuotes {
            throw Diagnostics(
                .badRow(
                    file: name, line: scanner.starts.last?.line ?? 1,
                    reason: "the quote that opens in this record is never closed"))
        }
        return TextFile(
            readablePath: needsCopy ? copyPath : path, isCopy: needsCopy,
            firstRecord: scanner.firstRecord,
            records: scanner.starts, lineCount: scanner.lines)
    }

    static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

/// Finds where records begin. Line breaks inside quotes do not end a record; blank lines are none.
struct RecordScanner {
    let isQuoted: Bool
    private(set) var starts: [TextFile.RecordStart] = []
    private(set) var lines = 0
    private(set) var isInsideQuotes = false
    private(set) var firstRecord = ""
    private var offset = 0
    private var recordOffset = 0
    private var recordLine = 1
    private var isBlank = true
    private var first: [UInt8] = []
    private var isFirstDone = false

    init(isQuoted: Bool) { self.isQuoted = isQuoted }

    /// O(bytes), by the C library's search for line breaks and quotes.
    mutating func scan(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var position = 0
            while position < buffer.count {
                let rest = buffer.count - position
                let here = buffer.baseAddress! + position
                let found = memchr(here, 0x0A, rest)
                let length = found.map { $0 - UnsafeMutableRawPointer(mutating: here) } ?? rest
                segment(UnsafeRawBufferPointer(start: here, count: length))
                position += length
                offset += length
                if found != nil {
                    position += 1
                    offset += 1
                    endOfLine()
                }
            }
        }
    }

    private mutating func segment(_ bytes: UnsafeRawBufferPointer) {
        if !isFirstDone { first += bytes }
        if isBlank { isBlank = bytes.allSatisfy { $0 == 0x0D } }
        guard isQuoted, let base = bytes.baseAddress else { return }
        var position = 0
        while position < bytes.count,
            let found = memchr(base + position, 0x22, bytes.count - position)
        {
            isInsideQuotes.toggle()
            position = found - UnsafeMutableRawPointer(mutating: base) + 1
        }
    }

    private mutating func endOfLine() {
        lines += 1
        if isInsideQuotes {
            if !isFirstDone { first.append(0x0A) }
            return
        }
        endOfRecord()
        recordOffset = offset
        recordLine = lines + 1
    }

    private mutating func endOfRecord() {
        if !isBlank {
            starts.append(TextFile.RecordStart(offset: recordOffset, line: recordLine))
            if !isFirstDone {
                if first.last == 0x0D { first.removeLast() }
                firstRecord = String(decoding: first, as: UTF8.self)
                isFirstDone = true
            }
        }
        if !isFirstDone { first = [] }
        isBlank = true
    }

    mutating func finish() {
        if recordOffset < offset {
            lines += 1
            endOfRecord()
        }
    }
}
