import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";

/** A query of Grafana's PostgreSQL data source, which the SDK has no builder for. */
interface SqlQuery extends Dataquery {
  refId?: string;
  datasource?: DataSourceRef;
  format: "time_series" | "table";
  editorMode: "code";
  rawQuery: true;
  rawSql: string;
}

export class SqlQueryBuilder implements Builder<Dataquery> {
  private readonly query: SqlQuery;

  constructor(rawSql: string) {
    this.query = { format: "table", editorMode: "code", rawQuery: true, rawSql, _implementsDataqueryVariant: () => {} };
  }

  build(): SqlQuery {
    return this.query;
  }

  refId(refId: string): this {
    this.query.refId = refId;
    return this;
  }

  datasource(datasource: DataSourceRef): this {
    this.query.datasource = datasource;
    return this;
  }

  format(format: SqlQuery["format"]): this {
    this.query.format = format;
    return this;
  }
}
