package yingda.flink;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.ArrayResultIterator;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.fs.Path;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * Tables in files, to compare engines without a broker.
 *
 * <p>As a source, {@code path} is a file that may still be growing: a row a line, and an empty line at its end. As a sink, it is a folder of files of changes: each line
 * has its number in their order, {@code +I}, {@code -U}, {@code +U} or {@code -D}, and the row. A file gets a name without a dot when the checkpoint to which it belongs
 * is complete, so what is lost in a crash is never read.
 */
public final class FileTables implements DynamicTableSourceFactory, DynamicTableSinkFactory {
  private static final ConfigOption<String> PATH = ConfigOptions.key("path").stringType().noDefaultValue();
  private static final int BATCH = 500;
  private static final long POLL_MS = 20;

  @Override
  public String factoryIdentifier() {
    return "yingda-file";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(PATH, FactoryUtil.FORMAT);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    var format = helper.discoverDecodingFormat(DeserializationFormatFactory.class, FactoryUtil.FORMAT);
    helper.validate();
    return new Source(helper.getOptions().get(PATH), format, context.getPhysicalRowDataType());
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    var format = helper.discoverEncodingFormat(SerializationFormatFactory.class, FactoryUtil.FORMAT);
    helper.validate();
    return new Sink(helper.getOptions().get(PATH), format, context.getPhysicalRowDataType());
  }

  private record Source(String path, DecodingFormat<DeserializationSchema<RowData>> format, DataType type) implements ScanTableSource {
    @Override
    public ChangelogMode getChangelogMode() {
      return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
      Lines lines = new Lines(format.createRuntimeDecoder(context, type));
      return SourceProvider.of(FileSource.forBulkFileFormat(lines, new Path(path)).build());
    }

    @Override
    public DynamicTableSource copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "lines of " + path;
    }
  }

  private record Sink(String path, EncodingFormat<SerializationSchema<RowData>> format, DataType type) implements DynamicTableSink {
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return requested;
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      FileSink<RowData> sink =
          FileSink.forRowFormat(new Path(path), new Changes(format.createRuntimeEncoder(context, type)))
              .withBucketAssigner(new BasePathBucketAssigner<>())
              .withRollingPolicy(OnCheckpointRollingPolicy.build())
              .build();
      return SinkV2Provider.of(sink);
    }

    @Override
    public DynamicTableSink copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "changes in " + path;
    }
  }

  private record Lines(DeserializationSchema<RowData> schema) implements BulkFormat<RowData, FileSourceSplit> {
    @Override
    public Reader<RowData> createReader(Configuration config, FileSourceSplit split) throws IOException {
      return open(split, 0, 0);
    }

    @Override
    public Reader<RowData> restoreReader(Configuration config, FileSourceSplit split) throws IOException {
      CheckpointedPosition position = split.getReaderPosition().orElse(new CheckpointedPosition(0, 0));
      return open(split, position.getOffset(), position.getRecordsAfterOffset());
    }

    private Follower open(FileSourceSplit split, long offset, long skipped) throws IOException {
      try {
        schema.open(Opened.HERE);
      } catch (Exception failed) {
        throw new IOException(failed);
      }
      Follower follower = new Follower(schema, new FileInputStream(split.path().getPath()), offset);
      for (long n = 0; n < skipped; n++) {
        follower.line();
      }
      return follower;
    }

    @Override
    public boolean isSplittable() {
      return false;
    }

    @Override
    public TypeInformation<RowData> getProducedType() {
      return schema.getProducedType();
    }
  }

  /** Reads to the empty line at the end, and waits where the file has no more yet. */
  private static final class Follower implements BulkFormat.Reader<RowData> {
    private final DeserializationSchema<RowData> schema;
    private final FileInputStream file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;
    /** Where the next line begins. */
    private long offset;

    Follower(DeserializationSchema<RowData> schema, FileInputStream file, long offset) throws IOException {
      this.schema = schema;
      this.file = file;
      this.offset = offset;
      file.getChannel().position(offset);
    }

    @Override
    public BulkFormat.RecordIterator<RowData> readBatch() throws IOException {
      long start = offset;
      List<RowData> rows = new ArrayList<>();
      do {
        byte[] next = line();
        if (next.length == 0) {
          // The next batch finds the end again.
          offset -= 1;
          file.getChannel().position(offset);
          from = to;
          break;
        }
        rows.add(schema.deserialize(next));
      } while (from < to && rows.size() < BATCH);
      if (rows.isEmpty()) {
        return null;
      }
      ArrayResultIterator<RowData> batch = new ArrayResultIterator<>();
      batch.set(rows.toArray(new RowData[0]), rows.size(), start, 0);
      return batch;
    }

    byte[] line() throws IOException {
      line.reset();
      for (byte letter = next(); letter != '\n'; letter = next()) {
        line.write(letter);
      }
      offset += line.size() + 1;
      return line.toByteArray();
    }

    private byte next() throws IOException {
      while (from == to) {
        from = 0;
        to = Math.max(file.read(buffer), 0);
        if (to == 0) {
          pause();
        }
      }
      return buffer[from++];
    }

    private static void pause() throws IOException {
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static final class Changes implements Encoder<RowData> {
    private final SerializationSchema<RowData> schema;
    private transient boolean isOpen;
    private transient long order;

    Changes(SerializationSchema<RowData> schema) {
      this.schema = schema;
    }

    @Override
    public void encode(RowData row, OutputStream out) throws IOException {
      if (!isOpen) {
        try {
          schema.open(Opened.HERE);
        } catch (Exception failed) {
          throw new IOException(failed);
        }
        isOpen = true;
        // A later attempt goes on behind an earlier one.
        order = System.currentTimeMillis() * 1_000_000;
      }
      order++;
      out.write((order + " " + row.getRowKind().shortString()).getBytes(StandardCharsets.UTF_8));
      out.write(schema.serialize(row));
      out.write('\n');
    }
  }

  /** What a format is opened with. */
  private enum Opened implements DeserializationSchema.InitializationContext, SerializationSchema.InitializationContext {
    HERE;

    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(FileTables.class.getClassLoader());
    }
  }
}
