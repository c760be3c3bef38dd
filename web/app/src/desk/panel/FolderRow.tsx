import { IconChevronRight, IconFolder, IconFolderOpen } from "@tabler/icons-react";
import type { DragEvent, ReactNode } from "react";
import styles from "./Panel.module.css";

interface FolderRowProps {
  name: string;
  depth: number;
  isOpen: boolean;
  onToggle: () => void;
  onDragOver?: (event: DragEvent) => void;
  onDrop?: (event: DragEvent) => void;
  /** What else can be done with it. */
  children?: ReactNode;
}

/** One folder of a tree: a click opens it. */
export function FolderRow({ name, depth, isOpen, onToggle, onDragOver, onDrop, children }: FolderRowProps) {
  const Icon = isOpen ? IconFolderOpen : IconFolder;
  return (
    <div className={styles.folder} style={{ paddingInlineStart: 6 + depth * 14 }} onDragOver={onDragOver} onDrop={onDrop}>
      <button type="button" className={styles.toggle} aria-expanded={isOpen} onClick={onToggle}>
        <IconChevronRight className={styles.chevron} size={14} aria-hidden="true" />
        <Icon size={16} aria-hidden="true" />
        <span className="truncate">{name}</span>
      </button>
      {children}
    </div>
  );
}
