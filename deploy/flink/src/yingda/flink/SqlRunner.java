package yingda.flink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/**
 * Runs a SQL script as one job: SqlRunner SCRIPT [OPTION=VALUE]…
 *
 * <p>Each view is computed once, however many queries read it, and is a stage of its own. Left to itself, the planner would copy a view into each query
 * that reads it. All INSERTs of the script are one job; the program ends when the job does.
 */
public final class SqlRunner {
  private static final Pattern VIEW = Pattern.compile("CREATE TEMPORARY VIEW (\\w+) AS\\s(.*)", Pattern.DOTALL);

  private SqlRunner() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int n = 1; n < args.length; n++) {
      String[] option = args[n].split("=", 2);
      if (option.length < 2) {
        throw new IllegalArgumentException(args[n] + " is not OPTION=VALUE");
      }
      options.put(option[0], option[1]);
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(options));
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    boolean batch = "BATCH".equalsIgnoreCase(options.get("execution.runtime-mode"));
    StreamStatementSet inserts = tables.createStatementSet();
    for (String statement : statements(Files.readString(Path.of(args[0])))) {
      Matcher view = VIEW.matcher(statement);
      if (view.matches()) {
        stage(tables, view.group(1), view.group(2), batch);
      } else if (statement.startsWith("INSERT ")) {
        inserts.addInsertSql(statement);
      } else {
        tables.executeSql(statement);
      }
    }
    inserts.attachAsDataStream();
    JobClient job = env.executeAsync("yingda");
    System.out.println("running");
    job.getJobExecutionResult().get();
  }

  private static void stage(StreamTableEnvironment tables, String name, String query, boolean batch) {
    Table table = tables.sqlQuery(query);
    Schema schema = Schema.newBuilder().fromResolvedSchema(table.getResolvedSchema()).build();
    if (batch) {
      DataStream<Row> rows = tables.toDataStream(table);
      tables.createTemporaryView(name, tables.fromDataStream(rows, schema));
    } else {
      DataStream<Row> changes = tables.toChangelogStream(table);
      tables.createTemporaryView(name, tables.fromChangelogStream(changes, schema));
    }
  }

  /** Statements end with a semicolon at the end of a line. */
  private static List<String> statements(String script) {
    List<String> statements = new ArrayList<>();
    for (String statement : script.split(";\\s*(\n|$)")) {
      if (!statement.isBlank()) {
        statements.add(statement.strip());
      }
    }
    return statements;
  }
}
