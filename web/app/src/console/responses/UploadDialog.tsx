import { Anchor, Button, FileInput, Group, List, Modal, Progress, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useState } from "react";
import { explain } from "../../components/Failure";
import { isKey, t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { LIST, templateAddress, uploadFile, type RowProblem, type UploadReport } from "./api";
import { changesText } from "./StateBar";

/** As many problems as one looks at before opening the file again. */
const SHOWN = 12;

interface UploadDialogProps {
  opened: boolean;
  revision: number;
  /** What is written and not saved is lost by it. */
  isUnsaved: boolean;
  onClose: () => void;
}

/** A whole list from a spreadsheet: tried first, then saved, all of it or nothing. */
export const UploadDialog = ({ opened, onClose, ...rest }: UploadDialogProps) => (
  <Modal opened={opened} onClose={onClose} title={t("responses.upload")} centered size="lg" closeOnClickOutside={false}>
    <Fields onClose={onClose} {...rest} />
  </Modal>
);

function Fields({ revision, isUnsaved, onClose }: Omit<UploadDialogProps, "opened">) {
  const [file, setFile] = useState<File | null>(null);
  const [description, setDescription] = useState("");
  const [share, setShare] = useState(0);
  const trial = useChange((chosen: File) => uploadFile(chosen, revision, "", true, setShare), { touches: [], isQuiet: true });
  const saving = useChange((chosen: File) => uploadFile(chosen, revision, description.trim(), false, setShare), {
    touches: LIST,
    isQuiet: true,
    onSuccess: ({ saved }) => {
      notifications.show({ message: t("responses.saved", { number: saved?.number ?? 0 }), color: "teal" });
      onClose();
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setShare(0);
    trial.reset();
    saving.reset();
    if (chosen) trial.mutate(chosen);
  };
  const isBusy = trial.isPending || saving.isPending;
  const error = saving.error ?? trial.error;
  const isReady = trial.data !== undefined && trial.data.errors.length === 0;
  return (
    <Stack gap="md">
      <Text c="var(--ink-2)" lh={1.5}>
        {t("responses.upload.hint")}{" "}
        {(["csv", "xlsx"] as const).map((format) => (
          <Anchor key={format} href={templateAddress(format)} download me="sm" underline="always">
            {t(`responses.template.${format}`)}
          </Anchor>
        ))}
      </Text>
      <FileInput
        label={t("responses.file")}
        placeholder={t("responses.file.choose")}
        accept=".csv,text/csv,.xlsx"
        leftSection={<IconFileSpreadsheet size={18} />}
        value={file}
        onChange={choose}
        disabled={isBusy}
        clearable
        clearButtonProps={{ "aria-label": t("action.clear") }}
        fileInputProps={{ "aria-label": t("responses.file") }}
      />
      {isBusy && <Underway share={share} isSaving={saving.isPending} />}
      {trial.data && <Findings report={trial.data} isUnsaved={isUnsaved} />}
      {isReady && (
        <TextInput
          label={t("responses.description")}
          description={t("responses.description.hint")}
          value={description}
          maxLength={500}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
      )}
      {error && (
        <Text c="var(--bad)" role="alert">
          {explain(error)}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button disabled={!isReady} loading={saving.isPending} onClick={() => file && saving.mutate(file)}>
          {t("responses.upload.submit")}
        </Button>
      </Group>
    </Stack>
  );
}

/** First the file travels, then the server reads it: that takes as long as it takes. */
function Underway({ share, isSaving }: { share: number; isSaving: boolean }) {
  const isThere = share >= 1;
  const text = t(!isThere ? "responses.upload.sending" : isSaving ? "responses.upload.saving" : "responses.upload.checking");
  return (
    <div>
      <Text fz={13} c="var(--ink-2)" mb={4} role="status">
        {text}
      </Text>
      <Progress value={Math.max(4, share * 100)} striped={isThere} animated={isThere} aria-label={text} />
    </div>
  );
}

function Findings({ report, isUnsaved }: { report: UploadReport; isUnsaved: boolean }) {
  const { errors, warnings } = report;
  return (
    <>
      {errors.length > 0 ? (
        <Problems title={t("responses.upload.errors", { count: errors.length })} problems={errors} isBad />
      ) : (
        <Text role="status" lh={1.5}>
          {t("responses.upload.effect", { changes: changesText(report), count: report.unchanged })} {isUnsaved && t("responses.upload.loses")}
        </Text>
      )}
      {warnings.length > 0 && <Problems title={t("responses.upload.warnings", { count: warnings.length })} problems={warnings} isBad={false} />}
    </>
  );
}

/** In the reader's language; what a newer server finds, in its own. */
function told({ code, values, problem }: RowProblem): string {
  const key = `responses.problem.${code}`;
  return isKey(key) ? t(key, values) : problem;
}

function Problems({ title, problems, isBad }: { title: string; problems: readonly RowProblem[]; isBad: boolean }) {
  return (
    <div role={isBad ? "alert" : "status"}>
      <Text c={isBad ? "var(--bad)" : "var(--warn)"} fw={600}>
        {title}
      </Text>
      <List size="sm" mt={4}>
        {problems.slice(0, SHOWN).map((one, index) => (
          <List.Item key={index}>
            {t(one.column ? "responses.upload.cell" : "responses.upload.row", { row: one.row, column: one.column ?? "" })}: {told(one)}
          </List.Item>
        ))}
      </List>
      {problems.length > SHOWN && (
        <Text fz={13} c="var(--ink-2)" mt={4}>
          {t("responses.upload.more", { count: problems.length - SHOWN })}
        </Text>
      )}
    </div>
  );
}
