import Foundation
import KPICore

/// What `plumb init` writes: a workspace that checks, loads its four sample records and computes.
package enum StarterWorkspace {
    /// - Returns: the files written, relative to the folder.
    /// - Throws: `Diagnostics` when the folder already holds a workspace.
    package static func write(to folder: String) throws -> [String] {
        let manager = FileManager.default
        let existing = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
        let clash = files.keys.contains { manager.fileExists(atPath: "\(folder)/\($0)") }
        guard !clash, !existing.contains("plumbline.yaml") else {
            throw Diagnostics(.folderExists(folder))
        }
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let target = "\(folder)/\(path)"
            try manager.createDirectory(
                atPath: (target as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: target))
        }
        return files.keys.sorted()
    }

    private static let files: [String: String] = [
        "plumbline.yaml": """
        # One workspace is one company. Names may be given in Chinese, English, or both.
        name: {zh: 我的公司, en: My company}
        locale: zh                  # language of tables: zh or en
        time_zone: Asia/Shanghai    # every day, week and month is one of this zone
        currency: CNY               # one currency; amounts are exact decimals
        week_start: monday
        fiscal_year_start: 1        # month, 1 to 12

        """,
        "datasets/tickets.yaml": """
        # A dataset is a table of records: what its columns are, and what is measured on them.
        dataset: tickets
        label: {zh: 工单, en: Tickets}
        key: ticket                      # records with the same key replace each other
        time: [opened_at, resolved_at]   # the first is the usual one
        columns:
          ticket: text
          channel: text
          team: text
          opened_at: {type: timestamp, required: true}
          resolved_at: timestamp
        dimensions:
          channel: {of: channel, label: {zh: 渠道, en: Channel}}
          team: {of: team, label: {zh: 团队, en: Team}}
        measures:
          opened:
            aggregate: count()
            label: {zh: 问题总数, en: Tickets opened}
          resolved:
            aggregate: count()
            where: resolved_at is present
            label: {zh: 已解决问题数, en: Tickets resolved}
          time_to_resolve:
            aggregate: mean(duration(opened_at, resolved_at))
            open: resolved_at is missing   # shown beside every value: open cases count too
            label: {zh: 解决时长, en: Time to resolve}

        """,
        "sources/tickets.yaml": """
        # A source says where records come from and how its columns map to a dataset.
        source: tickets
        dataset: tickets
        files: tickets.csv               # relative to data/, or to --data FOLDER; patterns such as 2026-*.csv
        # encoding: gb18030              # utf-8 (default), gb18030, cp1252
        # delimiter: ";"                 # found by itself unless stated
        # missing: ["?", "N/A"]          # texts that mean missing
        # dates: d/m/yyyy HH:MM          # default: ISO 8601
        # rejects: 1%                    # rows that may be set aside; default: none
        columns:                         # column of the dataset: header in the file
          ticket: 工单号
          channel: {from: 渠道, values: {tel: 电话}}   # other spellings of a value
          team: 团队
          opened_at: 创建时间
          resolved_at: 解决时间

        """,
        "kpis/service.yaml": """
        # Cards: what a KPI is called, how it is computed, and what is wanted of it.
        kpis:
          - id: problem-resolution-rate
            label: {zh: 问题解决率, en: Problem resolution rate}
            description: {zh: 已解决问题占提交问题的比例, en: Share of the tickets opened that were resolved}
            department: service
            formula: 已解决问题数 ÷ 问题总数 × 100%
            unit: percent
            direction: higher
            target: ">= 98%"
            attention: "< 90%"
            period: week
            breakdowns: [channel, team]
            collector: service desk
            verifier: quality
          - id: average-resolution-time
            label: {zh: 平均解决时长, en: Average resolution time}
            department: service
            formula: time_to_resolve
            unit: duration
            direction: lower
            target: "<= 24h"
            period: month
            breakdowns: [channel, team]

        """,
        "data/tickets.csv": """
        工单号,渠道,团队,创建时间,解决时间
        T1,电话,一组,2026-10-05 09:12:00,2026-10-05 10:40:00
        T2,tel,一组,2026-10-06 14:03:00,2026-10-08 09:30:00
        T3,在线,二组,2026-10-20 20:45:00,
        T4,在线,二组,2026-10-31 23:50:00,2026-11-01 00:20:00

        """,
        ".gitignore": """
        # Loaded records and application state; back them up with the workspace, not in git.
        store/
        # What can be rebuilt.
        .plumb/

        """,
    ]
}
