import Glibc
import KPICore

/// A record that does not have the shape of its file.
struct BadRow {
    let line: Int
    let text: String
    let reason: FileFault
}

/// Lines of records: record r of a run stands r − first records after the run's line.
struct LineRuns {
    private(set) var runs: [(record: Int, line: Int)] = []
    private(set) var count = 0

    init() {}

    /// Records one below another.
    init(from line: Int, count: Int) {
        runs = [(0, line)]
        self.count = count
    }

    mutating func append(_ line: Int) {
        let follows = runs.last.map { $0.line + count - $0.record == line } ?? false
        if !follows { runs.append((count, line)) }
        count += 1
    }

    /// Of every record in order.
    var all: [Int] {
        runs.indices.flatMap { index in
            let (record, line) = runs[index]
            let end = index + 1 < runs.count ? runs[index + 1].record : count
            return line..<line + end - record
        }
    }

    /// O(log runs).
    func line(of record: Int) -> Int {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].record <= record { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return record + 1 }
        return runs[low - 1].line + record - runs[low - 1].record
    }
}

/// One pass over the text of a file: where its records stand, and which of them are none.
///
/// A file is plain when the engine would find the same records in it. Of any other file the engine
/// gets a copy without header, blank lines and bad records, one form of line ends and quotes only
/// where they mean something.
struct RecordScanner {
    enum Shape {
        /// The delimiter, or nil where the header shows it.
        case csv(delimiter: String?)
        case jsonLines
    }

    /// Past this a record is taken for a quote that is never closed.
    static let limit = 16 << 20

    let shape: Shape
    private(set) var header: Header?
    private(set) var lines = LineRuns()
    private(set) var badRows: [BadRow] = []
    private(set) var lineCount = 0
    private(set) var longest = 0
    /// Whether the engine would read the file as it lies on disk.
    var isPlain: Bool { !isUneven && !(hasReturns && (hasPlainEnds || hasLongRecords)) }
    /// Ends the pass: nothing after it can be told.
    private(set) var fault: (line: Int, reason: FileFault)?
    /// Bytes of the copy that are not written yet; nil where none is made.
    var copy: [UInt8]?

    private var walk: FieldWalk
    private var rest: [UInt8] = []
    private var record: [UInt8] = []
    private var recordLine = 1
    private var isUneven = false
    private(set) var hasReturns = false
    private var hasPlainEnds = false
    private var hasLongRecords = false

    init(_ shape: Shape, copies: Bool) {
        self.shape = shape
        copy = copies ? [] : nil
        var stated: String?
        if case .csv(let delimiter) = shape { stated = delimiter }
        walk = FieldWalk(delimiters: Array((stated ?? Header.candidates).utf8))
    }

    private var isCSV: Bool { if case .csv = shape { true } else { false } }

    /// O(bytes), by the C library's search for line breaks and quotes.
    mutating func scan(_ chunk: [UInt8]) {
        let bytes = rest.isEmpty ? chunk : rest + chunk
        rest = []
        bytes.withUnsafeBytes { buffer in
            var start = lineCount == 0 && buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            if start > 0, !isCSV { isUneven = true }
            while start < buffer.count, fault == nil {
                let here = buffer.baseAddress! + start
                guard let found = memchr(here, 0x0A, buffer.count - start) else { break }
                let length = UnsafeRawPointer(found) - here
                line(UnsafeRawBufferPointer(start: here, count: length), isEnded: true)
                start += length + 1
            }
            rest = Array(buffer[min(start, buffer.count)...])
        }
        if rest.count > Self.limit { fail(lineCount + 1, .tooLong(mebibytes: Self.limit >> 20)) }
    }

    /// After the last chunk.
    mutating func finish() {
        if fault == nil, !rest.isEmpty {
            let last = rest
            rest = []
            last.withUnsafeBytes { line($0, isEnded: false) }
        }
        if fault == nil, walk.isInsideQuotes { fail(recordLine, .openQuote) }
    }

    private mutating func fail(_ line: Int, _ reason: FileFault) {
        if fault == nil { fault = (line, reason) }
    }

    // MARK: Records

    /// One line without its line feed.
    private mutating func line(_ bytes: UnsafeRawBufferPointer, isEnded: Bool) {
        lineCount += 1
        let continues = walk.isInsideQuotes
        if !continues {
            recordLine = lineCount
            walk.start()
        }
        if isCSV { walk.take(bytes) }
        if continues || walk.isInsideQuotes {
            hasLongRecords = true
            if continues { record.append(0x0A) }
            record += bytes
            if record.count > Self.limit { fail(recordLine, .openQuote) }
            guard !walk.isInsideQuotes else { return }
            let whole = record
            record = []
            whole.withUnsafeBytes { self.end(of: $0, isEnded: isEnded) }
        } else {
            end(of: bytes, isEnded: isEnded)
        }
    }

    private mutating func end(of bytes: UnsafeRawBufferPointer, isEnded: Bool) {
        let hasReturn = bytes.last == 0x0D
        if hasReturn { hasReturns = true } else if isEnded { hasPlainEnds = true }
        if hasReturns, !isCSV { isUneven = true }
        let body = UnsafeRawBufferPointer(rebasing: bytes.dropLast(hasReturn ? 1 : 0))
        longest = max(longest, bytes.count)
        if body.isEmpty {
            isUneven = true
        } else if !isCSV {
            accept(body, isOdd: false)
        } else if let header {
            judge(body, header)
        } else {
            readHeader(body)
        }
    }

    private mutating func readHeader(_ body: UnsafeRawBufferPointer) {
        if body.contains(0x0D), !body.contains(0x22) { fail(recordLine, .oldLineEnds) }
        if walk.isMalformed { fail(recordLine, .textAfterQuote) }
        var stated: String?
        if case .csv(let delimiter) = shape { stated = delimiter }
        let header = Header(body, delimiter: stated)
        walk = FieldWalk(delimiters: Array(header.delimiter.utf8))
        if lineCount != 1 { isUneven = true }
        self.header = header
    }

    private mutating func judge(_ body: UnsafeRawBufferPointer, _ header: Header) {
        let expected = header.names.count
        if walk.isMalformed { return refuse(body, .textAfterQuote) }
        if walk.fields == expected { return accept(body, isOdd: walk.isOdd) }
        // Delimiters at the end of a record that the header lacks bring nothing.
        let fields = FieldWalk.split(body, header.delimiter.utf8.first!)
        guard fields.count > expected, fields[expected...].allSatisfy(\.isEmpty) else {
            return refuse(body, .fieldCount(found: walk.fields, expected: expected))
        }
        accept(body, isOdd: true)
    }

    private mutating func refuse(_ body: UnsafeRawBufferPointer, _ reason: FileFault) {
        isUneven = true
        badRows.append(
            BadRow(
                line: recordLine, text: String(decoding: body.prefix(4096), as: UTF8.self),
                reason: reason))
    }

    private mutating func accept(_ body: UnsafeRawBufferPointer, isOdd: Bool) {
        lines.append(recordLine)
        if isOdd { isUneven = true }
        guard copy != nil else { return }
        if isOdd, let header {
            let fields = FieldWalk.split(body, header.delimiter.utf8.first!)
            copy! += FieldWalk.joined(fields.prefix(header.names.count), header.delimiter)
        } else {
            copy! += body
        }
        copy!.append(0x0A)
    }
}
