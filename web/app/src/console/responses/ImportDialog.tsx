import { Button, FileInput, Group, List, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileTypeCsv } from "@tabler/icons-react";
import { useState } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { importResponses, RESPONSES } from "./api";
import { parseResponses, type Parsed } from "./csv";

/** As many problems as one looks at before opening the file again. */
const SHOWN = 8;

/** A list from a spreadsheet: read here, checked, then stored, all of it or nothing. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [parsed, setParsed] = useState<Parsed | "unreadable" | null>(null);
  const close = () => {
    setFile(null);
    setParsed(null);
    importing.reset();
    onClose();
  };
  const importing = useChange(importResponses, {
    touches: RESPONSES,
    isQuiet: true,
    onSuccess: ({ count }) => {
      notifications.show({ message: t("responses.imported", { count }), color: "teal" });
      close();
    },
  });
  const choose = async (chosen: File | null) => {
    setFile(chosen);
    setParsed(chosen && (parseResponses(await chosen.text()) ?? "unreadable"));
  };
  const isReady = parsed !== null && parsed !== "unreadable" && parsed.problems.length === 0 && parsed.responses.length > 0;
  return (
    <Modal opened={opened} onClose={close} title={t("responses.import")} centered size="lg">
      <Stack gap="md">
        <Text c="var(--ink-2)" lh={1.5}>
          {t("responses.import.hint")}
        </Text>
        <FileInput
          label={t("responses.file")}
          placeholder={t("responses.file.choose")}
          accept=".csv,text/csv"
          leftSection={<IconFileTypeCsv size={18} />}
          value={file}
          onChange={(chosen) => void choose(chosen)}
          error={parsed === "unreadable" && t("responses.file.unreadable")}
          clearable
        />
        {parsed && parsed !== "unreadable" && <Findings parsed={parsed} />}
        {importing.isError && (
          <Text c="var(--bad)" role="alert">
            {explain(importing.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("action.cancel")}
          </Button>
          <Button
            disabled={!isReady}
            loading={importing.isPending}
            onClick={() => isReady && importing.mutate(parsed.responses)}
          >
            {t("responses.import.submit", { count: isReady ? parsed.responses.length : 0 })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Findings({ parsed: { responses, problems } }: { parsed: Parsed }) {
  if (problems.length === 0) return <Text role="status">{t("responses.found", { count: responses.length })}</Text>;
  return (
    <div role="alert">
      <Text c="var(--bad)" fw={600}>
        {t("responses.problems", { count: problems.length })}
      </Text>
      <List size="sm" mt={4}>
        {problems.slice(0, SHOWN).map(({ line, problem }) => (
          <List.Item key={line}>
            {t("responses.problem.line", { line })}: {t(`responses.problem.${problem}`)}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
